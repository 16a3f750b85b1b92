import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { ProvisionedThroughputExceededException } from '@aws-sdk/client-dynamodb';
import { TagmillError } from '@tagmill/core';
import { documentClient, RulesStore, TagStore } from '@tagmill/tag-store';
import type { TemporaryDynamo } from '../../../tag-store/test/temporary-table.ts';
import {
  BackfillQueue,
  type ImageEvent,
  type ProcessImageOptions,
  parseMessage,
  StoredRulesInForce,
} from '../../src/index.ts';
import { FakeBucket, fakeTagger } from '../fake-bucket.ts';
import { RawTable } from './raw-table.ts';

/** What becomes of a request, and of whoever makes it. */
export type Fault = 'none' | 'killed-before' | 'killed-after' | 'throttled';

class Killed extends Error {}

/** A tagging function, a person's request, a comparison, or who puts rules in force. */
interface Actor extends Listener {
  isKilled: boolean;
  isEnded: boolean;
}

interface Listener {
  /** It gave up, or was killed. */
  onFailure?: () => void;
  /** A write of its own was taken. */
  onWrite?: (written: Written) => void;
}

/** A request that waits to be let through. It may wait for as long as it likes: others go on meanwhile. */
interface Parked {
  actor: Actor;
  run(fault: Fault): Promise<void>;
}

/** A write that the table took. */
export type Written = { Item?: { pk: string; sk: string; record?: { image: { sha256?: string } } } };

/** At work at once: more of them keep each other from one image for long. */
const MOST_ACTORS = 4;

/** Long after the bucket's objects and the table's revisions: nothing is too young to be judged. */
const COMPARED_AT = new Date('2027-01-01T00:00:00Z');

/** The bucket, the table in a real DynamoDB, the queue, and those who are at work, a request at a time. */
export class World {
  readonly bucket = new FakeBucket();
  readonly queue: ImageEvent[] = [];
  readonly #dynamo: TemporaryDynamo;
  readonly #tableName: string;
  readonly #client: ReturnType<typeof documentClient>;
  readonly #current = new AsyncLocalStorage<Actor>();
  readonly #parked: Parked[] = [];
  readonly #actors: Actor[] = [];
  readonly #onWrite: (written: Written) => void;
  /** As it was when it was last checked. */
  before: RawTable | undefined;
  #fault: unknown;

  constructor(dynamo: TemporaryDynamo, tableName: string, onWrite: (written: Written) => void) {
    this.#dynamo = dynamo;
    this.#tableName = tableName;
    this.#onWrite = onWrite;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    this.#client = documentClient({ endpoint: dynamo.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    const throttled = () => new ProvisionedThroughputExceededException({ message: 'Slow down', $metadata: {} });
    this.#client.middlewareStack.add(
      (next) => (args) =>
        this.#gate(throttled, async (actor) => {
          const answer = await next(args);
          this.#onWrite(args.input as Written);
          actor.onWrite?.(args.input as Written);
          return answer;
        }),
      { step: 'initialize', name: 'gate' },
    );
  }

  /** As whoever is at work sees it. */
  get table() {
    return { client: this.#client, tableName: this.#tableName };
  }

  /** For a tagging function that has just started. */
  processing(): ProcessImageOptions {
    const throttled = () => new TagmillError('throttled', 'S3: SlowDown', { retryable: true });
    return {
      store: new TagStore(this.table),
      rules: new StoredRulesInForce({ store: new RulesStore(this.table) }),
      objects: { open: (name) => this.#gate(throttled, () => this.bucket.open(name)) },
      tagger: fakeTagger,
      budgets: { rules: [], defaultMs: 1 },
      maxBytes: 100,
      clock: { now: () => new Date(0) },
    };
  }

  /** For a comparison of bucket and table. */
  reconciling() {
    const send = async (bodies: readonly string[]) => {
      for (const body of bodies) this.queue.push(...parseMessage(body).events);
    };
    return {
      queue: new BackfillQueue({ queue: { send, depth: async () => ({ waiting: 0, inFlight: 0 }) } }),
      objects: this.bucket,
      clock: { now: () => COMPARED_AT },
    };
  }

  /** Someone sets to work, until the first request. */
  async begin(work: () => Promise<void>, listener: Listener = {}): Promise<void> {
    while (this.#actors.length >= MOST_ACTORS) await this.#finish(this.#actors[0]!);
    const actor: Actor = { ...listener, isKilled: false, isEnded: false };
    this.#actors.push(actor);
    const end = () => {
      actor.isEnded = true;
      this.#actors.splice(this.#actors.indexOf(actor), 1);
    };
    void this.#current.run(actor, work).then(end, (error) => {
      if (!actor.isKilled && !(error instanceof TagmillError)) this.#fault = error;
      end();
      actor.onFailure?.();
    });
    await this.#settle(actor);
  }

  /** Lets requests through, of whoever it may be; the fault is the last one's. */
  async step({ index, count, fault }: { index: number; count: number; fault: Fault }): Promise<void> {
    for (let i = 1; i <= count && this.#parked.length > 0; i++) {
      const [parked] = this.#parked.splice((index * i) % this.#parked.length, 1);
      await parked!.run(i === count ? fault : 'none');
      await this.#settle(parked!.actor);
    }
    await this.check();
  }

  /** Nothing more goes wrong, and all that was begun or sent is brought to its end. */
  async rest(deliver: (index: number) => Promise<void>): Promise<void> {
    for (let turn = 0; this.#parked.length > 0 || this.queue.length > 0; turn++) {
      if (turn > 5000) throw new Error('It does not come to rest');
      const isDelivery = this.queue.length > 0 && (this.#parked.length === 0 || this.#actors.length < MOST_ACTORS - 1);
      if (isDelivery) await deliver(turn);
      else await this.#release(this.#parked[turn % this.#parked.length]!);
    }
    await this.check();
  }

  async raw(): Promise<RawTable> {
    return new RawTable(await this.#dynamo.items(this.#tableName));
  }

  /** @throws if anything is in the table that must never be. */
  async check(): Promise<void> {
    if (this.#fault) throw this.#fault;
    const table = await this.raw();
    const faults = table.faults(this.before);
    if (faults.length > 0) throw new Error(faults.join('\n'));
    this.before = table;
  }

  close(): void {
    this.#client.destroy();
  }

  #gate<T>(throttled: () => Error, request: (actor: Actor) => Promise<T>): Promise<T> {
    const actor = this.#current.getStore()!;
    return new Promise((resolve, reject) => {
      const run = async (fault: Fault) => {
        actor.isKilled ||= fault === 'killed-before';
        if (actor.isKilled) return reject(new Killed());
        if (fault === 'throttled') return reject(throttled());
        await request(actor).then((answer) => {
          actor.isKilled ||= fault === 'killed-after';
          return actor.isKilled ? reject(new Killed()) : resolve(answer);
        }, reject);
      };
      this.#parked.push({ actor, run });
    });
  }

  async #release(parked: Parked): Promise<void> {
    this.#parked.splice(this.#parked.indexOf(parked), 1);
    await parked.run('none');
    await this.#settle(parked.actor);
  }

  async #finish(actor: Actor): Promise<void> {
    while (!actor.isEnded) await this.#release(this.#parked.find((each) => each.actor === actor)!);
  }

  /** Until it waits again, or has ended. */
  async #settle(actor: Actor): Promise<void> {
    do await setImmediate();
    while (!actor.isEnded && !this.#parked.some((each) => each.actor === actor));
  }
}
