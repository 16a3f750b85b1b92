import { randomUUID } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { transact } from '../sqlite.ts';
import { Arrivals } from './arrivals.ts';
import { invalidValue, SqsError } from './errors.ts';
import type { MessageAttributes } from './message-attributes.ts';
import type { Queue, Queues } from './queues.ts';
import { newNonce, readHandle, writeHandle } from './receipt.ts';

export interface NewMessage {
  body: string;
  attributes?: MessageAttributes | undefined;
  /** Such as AWSTraceHeader. */
  systemAttributes?: Readonly<Record<string, string>> | undefined;
  /** The queue's own delay if absent. */
  delaySeconds?: number | undefined;
}

export interface ReceivedMessage {
  id: string;
  receiptHandle: string;
  body: string;
  attributes: MessageAttributes;
  systemAttributes: Readonly<Record<string, string>>;
  sentMs: number;
  firstReceivedMs: number;
  /** This receive included. */
  receiveCount: number;
  /** The queue that it came from, of a dead letter. */
  sourceArn: string | undefined;
}

export interface MessageCounts {
  visible: number;
  inFlight: number;
  delayed: number;
}

interface Row {
  sequence: number;
  id: string;
  body: string;
  attributes: string | null;
  system_attributes: string | null;
  sent_ms: number;
  visible_ms: number;
  first_received_ms: number | null;
  receive_count: number;
  receives_here: number;
  receipt: string | null;
  source_arn: string | null;
}

export interface MessagesOptions {
  database: DatabaseSync;
  queues: Queues;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** Counted from the first receive. */
const MAX_INVISIBLE_MS = 12 * 60 * 60 * 1000;

/** The messages of all queues. */
export class Messages {
  readonly arrivals = new Arrivals();
  readonly #database: DatabaseSync;
  readonly #queues: Queues;
  readonly #now: () => number;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor({ database, queues, now }: MessagesOptions) {
    this.#database = database;
    this.#queues = queues;
    this.#now = now;
    this.#statements = prepareStatements(database);
  }

  /** @returns the message's id. */
  send(queue: Queue, message: NewMessage): string {
    const { body, attributes, systemAttributes, delaySeconds = queue.settings.DelaySeconds } = message;
    const id = randomUUID();
    const now = this.#now();
    const [own, system] = [attributes, systemAttributes].map((each) => (each ? JSON.stringify(each) : null));
    this.#statements.insert.run(queue.id, id, body, own!, system!, now, now + delaySeconds * 1000);
    this.arrivals.announce(queue.id);
    return id;
  }

  /**
   * Takes up to `count` messages that are visible now and hides them. Those that were received too often go to the
   * dead-letter queue first.
   */
  receive(queue: Queue, count: number, visibilitySeconds: number): ReceivedMessage[] {
    return transact(this.#database, () => {
      this.#expire(queue);
      const { redrivePolicy } = queue.settings;
      const target = redrivePolicy && this.#queues.findByArn(redrivePolicy.deadLetterTargetArn);
      const isDead = ({ receives_here }: Row) => target && receives_here >= redrivePolicy!.maxReceiveCount;
      for (;;) {
        const rows = this.#statements.visible.all(queue.id, this.#now(), count) as unknown as Row[];
        const dead = rows.filter(isDead);
        if (dead.length === 0) return rows.map((row) => this.#take(queue, row, visibilitySeconds));
        for (const { sequence } of dead) this.#statements.bury.run(target!.id, this.#now(), queue.arn, sequence);
        this.arrivals.announce(target!.id);
      }
    });
  }

  /**
   * Like {@link receive}, and waits for the first message as long as that.
   *
   * @throws {SqsError} `QueueDoesNotExist` if the queue is deleted meanwhile.
   */
  async await(
    queue: Queue,
    { count, visibilitySeconds, waitMs }: { count: number; visibilitySeconds: number; waitMs: number },
    signal: AbortSignal,
  ): Promise<ReceivedMessage[]> {
    const end = this.#now() + waitMs;
    for (;;) {
      if (signal.aborted) return [];
      if (this.#queues.get(queue.name) !== queue) return [];
      const messages = this.receive(queue, count, visibilitySeconds);
      const leftMs = end - this.#now();
      if (messages.length > 0 || leftMs <= 0) return messages;
      const next = (this.#statements.nextVisible.get(queue.id) as { next: number | null }).next ?? end;
      await this.arrivals.wait(queue.id, Math.max(1, Math.min(leftMs, next - this.#now())), signal);
    }
  }

  /** A handle that isn't the message's last one deletes nothing, and that is no error. */
  delete(queue: Queue, handle: string): void {
    const { sequence, nonce } = readHandle(handle, queue.id);
    this.#statements.remove.run(sequence, queue.id, nonce);
  }

  /** @throws {SqsError} if the message is gone, or visible, or would be hidden for more than twelve hours in all. */
  changeVisibility(queue: Queue, handle: string, seconds: number): void {
    const { sequence, nonce } = readHandle(handle, queue.id);
    const row = this.#statements.find.get(sequence, queue.id, nonce) as Row | undefined;
    const now = this.#now();
    if (!row) {
      const reason = 'Message does not exist or is not available for visibility timeout change.';
      throw invalidValue('ReceiptHandle', handle, reason);
    }
    if (row.visible_ms <= now) {
      throw new SqsError('MessageNotInflight', 'The message referred to is not in flight.');
    }
    const visibleMs = now + seconds * 1000;
    if (visibleMs > row.first_received_ms! + MAX_INVISIBLE_MS) {
      const reason = `Total VisibilityTimeout for the message is beyond the limit [${MAX_INVISIBLE_MS / 1000} seconds].`;
      throw invalidValue('VisibilityTimeout', seconds, reason);
    }
    this.#statements.hide.run(visibleMs, sequence);
    this.arrivals.announce(queue.id);
  }

  count(queue: Queue): MessageCounts {
    this.#expire(queue);
    const now = this.#now();
    return this.#statements.count.get(now, now, now, queue.id) as unknown as MessageCounts;
  }

  purge(queue: Queue): void {
    this.#statements.purge.run(queue.id);
  }

  /**
   * Moves the oldest visible messages of a dead-letter queue. They begin anew: id, age and receives.
   *
   * @param destination says where a message goes, by the queue that it came from.
   * @returns how many were moved.
   */
  move(queue: Queue, count: number, destination: (sourceArn: string | undefined) => Queue): number {
    return transact(this.#database, () => {
      this.#expire(queue);
      const now = this.#now();
      const rows = this.#statements.visible.all(queue.id, now, count) as unknown as Row[];
      for (const { sequence, source_arn } of rows) {
        const { id } = destination(source_arn ?? undefined);
        this.#statements.revive.run(id, randomUUID(), now, now, sequence);
        this.arrivals.announce(id);
      }
      return rows.length;
    });
  }

  /** A message's age counts from when it was sent, in whatever queue it is. */
  #expire({ id, settings }: Queue): void {
    this.#statements.expire.run(id, this.#now() - settings.MessageRetentionPeriod * 1000);
  }

  #take(queue: Queue, row: Row, visibilitySeconds: number): ReceivedMessage {
    const now = this.#now();
    const nonce = newNonce();
    this.#statements.take.run(now + visibilitySeconds * 1000, now, nonce, row.sequence);
    return {
      id: row.id,
      receiptHandle: writeHandle({ queueId: queue.id, sequence: row.sequence, nonce }),
      body: row.body,
      attributes: row.attributes === null ? {} : JSON.parse(row.attributes),
      systemAttributes: row.system_attributes === null ? {} : JSON.parse(row.system_attributes),
      sentMs: row.sent_ms,
      firstReceivedMs: row.first_received_ms ?? now,
      receiveCount: row.receive_count + 1,
      sourceArn: row.source_arn ?? undefined,
    };
  }
}

function prepareStatements(
  database: DatabaseSync,
): Record<
  | 'insert'
  | 'visible'
  | 'nextVisible'
  | 'take'
  | 'bury'
  | 'revive'
  | 'find'
  | 'hide'
  | 'remove'
  | 'purge'
  | 'expire'
  | 'count',
  StatementSync
> {
  return {
    insert: database.prepare(
      `INSERT INTO messages (queue, id, body, attributes, system_attributes, sent_ms, visible_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    visible: database.prepare(
      'SELECT * FROM messages WHERE queue = ? AND visible_ms <= ? ORDER BY visible_ms, sequence LIMIT ?',
    ),
    nextVisible: database.prepare('SELECT min(visible_ms) AS next FROM messages WHERE queue = ?'),
    take: database.prepare(
      `UPDATE messages SET visible_ms = ?, first_received_ms = coalesce(first_received_ms, ?), receipt = ?,
         receive_count = receive_count + 1, receives_here = receives_here + 1 WHERE sequence = ?`,
    ),
    bury: database.prepare(
      `UPDATE messages SET queue = ?, visible_ms = ?, source_arn = ?, receipt = NULL, receives_here = 0
       WHERE sequence = ?`,
    ),
    revive: database.prepare(
      `UPDATE messages SET queue = ?, id = ?, sent_ms = ?, visible_ms = ?, source_arn = NULL, receipt = NULL,
         first_received_ms = NULL, receive_count = 0, receives_here = 0 WHERE sequence = ?`,
    ),
    find: database.prepare('SELECT * FROM messages WHERE sequence = ? AND queue = ? AND receipt = ?'),
    hide: database.prepare('UPDATE messages SET visible_ms = ? WHERE sequence = ?'),
    remove: database.prepare('DELETE FROM messages WHERE sequence = ? AND queue = ? AND receipt = ?'),
    purge: database.prepare('DELETE FROM messages WHERE queue = ?'),
    expire: database.prepare('DELETE FROM messages WHERE queue = ? AND sent_ms < ?'),
    count: database.prepare(
      `SELECT count(*) FILTER (WHERE visible_ms <= ?) AS visible,
         count(*) FILTER (WHERE visible_ms > ? AND receipt IS NOT NULL) AS inFlight,
         count(*) FILTER (WHERE visible_ms > ? AND receipt IS NULL) AS delayed
       FROM messages WHERE queue = ?`,
    ),
  };
}
