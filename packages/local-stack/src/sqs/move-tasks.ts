import { randomUUID } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { SqsError } from './errors.ts';
import type { Messages } from './messages.ts';
import type { Queue, Queues } from './queues.ts';

export interface MoveTask {
  handle: string;
  source_arn: string;
  destination_arn: string | null;
  /** As fast as it goes if null. */
  per_second: number | null;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  moved: number;
  to_move: number;
  failure: string | null;
  started_ms: number;
}

/** Messages moved in one transaction. */
const CHUNK = 500;
const SECOND_MS = 1000;

/** Moves the messages of dead-letter queues back, each task in the background; one that was cut short goes on. */
export class MoveTasks {
  readonly #messages: Messages;
  readonly #queues: Queues;
  readonly #now: () => number;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #find: StatementSync;
  readonly #list: StatementSync;

  constructor(database: DatabaseSync, messages: Messages, queues: Queues, now: () => number) {
    this.#messages = messages;
    this.#queues = queues;
    this.#now = now;
    this.#insert = database.prepare(
      `INSERT INTO move_tasks (handle, source_arn, destination_arn, per_second, status, to_move, started_ms)
       VALUES (?, ?, ?, ?, 'RUNNING', ?, ?)`,
    );
    this.#update = database.prepare('UPDATE move_tasks SET moved = ?, status = ?, failure = ? WHERE handle = ?');
    this.#find = database.prepare('SELECT * FROM move_tasks WHERE handle = ?');
    this.#list = database.prepare(
      'SELECT * FROM move_tasks WHERE source_arn = ? ORDER BY started_ms DESC, rowid DESC LIMIT ?',
    );
    const unfinished = database.prepare(`SELECT * FROM move_tasks WHERE status IN ('RUNNING', 'CANCELLING')`).all();
    for (const task of unfinished) this.#run(task as unknown as MoveTask);
  }

  /** @throws {SqsError} if the source is no dead-letter queue, a queue isn't there, or a task is under way. */
  start(sourceArn: string, destinationArn?: string, perSecond?: number): string {
    const source = this.#source(sourceArn);
    if (this.#queues.sources(source).length === 0) {
      throw new SqsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
    }
    if (destinationArn !== undefined) this.#destination(destinationArn);
    if (this.list(sourceArn, 1).some(({ status }) => status === 'RUNNING' || status === 'CANCELLING')) {
      const reason =
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.';
      throw new SqsError('InvalidParameterValue', reason);
    }
    const handle = Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn })).toString('base64');
    const { visible } = this.#messages.count(source);
    this.#insert.run(handle, sourceArn, destinationArn ?? null, perSecond ?? null, visible, this.#now());
    this.#run(this.#find.get(handle) as unknown as MoveTask);
    return handle;
  }

  /** The latest first. */
  list(sourceArn: string, count: number): MoveTask[] {
    this.#source(sourceArn);
    return this.#list.all(sourceArn, count) as unknown as MoveTask[];
  }

  /**
   * @returns how many messages it has moved.
   * @throws {SqsError} `ResourceNotFoundException` if there is none, or it has ended.
   */
  cancel(handle: string): number {
    const task = this.#find.get(handle) as MoveTask | undefined;
    if (!task) throw new SqsError('ResourceNotFoundException', 'Task does not exist.');
    if (task.status !== 'RUNNING') {
      throw new SqsError('InvalidParameterValue', 'Only active tasks can be cancelled.');
    }
    this.#update.run(task.moved, 'CANCELLING', null, handle);
    return task.moved;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#running);
  }

  #run(task: MoveTask): void {
    const running = this.#moveAll(task).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #moveAll({ handle, source_arn, destination_arn, per_second }: MoveTask): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      const pauseMs = per_second === null ? 0 : SECOND_MS;
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      // It goes on at the next start.
      if (signal.aborted) return;
      const { status, moved } = this.#find.get(handle) as unknown as MoveTask;
      if (status === 'CANCELLING') {
        this.#update.run(moved, 'CANCELLED', null, handle);
        return;
      }
      try {
        const source = this.#source(source_arn);
        const count = this.#messages.move(source, per_second ?? CHUNK, (origin) =>
          this.#destination(destination_arn ?? origin),
        );
        this.#update.run(moved + count, count === 0 ? 'COMPLETED' : 'RUNNING', null, handle);
        if (count === 0) return;
      } catch (error) {
        this.#update.run(moved, 'FAILED', error instanceof SqsError ? error.message : String(error), handle);
        return;
      }
    }
  }

  #source(arn: string): Queue {
    const queue = this.#queues.findByArn(arn);
    if (queue) return queue;
    throw new SqsError(
      'ResourceNotFoundException',
      "The resource that you specified for the SourceArn parameter doesn't exist.",
    );
  }

  #destination(arn: string | undefined): Queue {
    if (arn === undefined) throw new SqsError('InvalidParameterValue', 'CouldNotDetermineMessageSource');
    const queue = this.#queues.findByArn(arn);
    if (queue) return queue;
    throw new SqsError(
      'ResourceNotFoundException',
      "The resource that you specified for the DestinationArn parameter doesn't exist.",
    );
  }
}
