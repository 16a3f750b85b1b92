import { vcpus } from '@tagmill/costs';
import { BacklogController, chooseReturnDelaySeconds } from '@tagmill/policy';
import TinyQueue from 'tinyqueue';
import type { Cohort } from './arrivals.ts';
import { BatchScaling } from './batch-scaling.ts';
import type { FleetOptions } from './options.ts';
import { type SimulationResult, summarizeRun } from './result.ts';
import { Tally } from './tally.ts';
import { type Messages, WaitingMessages } from './waiting-messages.ts';
import { FunctionWork } from './workload.ts';
import { WriteCapacity } from './write-capacity.ts';

/** Turns of all workers that a run is cut into at most, about: beyond, a worker takes several batches in a row as one event. */
const TURNS = 100_000;

/** Turns that each worker still has ahead of it, at least, whenever batches are put together. */
const TURNS_LEFT = 4;

/** An idle worker is kept so long. Assumed: AWS gives no time, reports speak of 5 to 15 minutes. */
const WARM_MS = 7 * 60_000;

/**
 * The SDK tries a throttled write three times, with 250 and 500 ms in between on average (@smithy/core, `util-retry`: base 500 ms,
 * doubled, full jitter).
 */
const RETRY_SPAN_MS = 750;

type Event =
  | { atMs: number; kind: 'arrival'; index: number }
  | { atMs: number; kind: 'done'; worker: Worker; stored: number; throttled: number }
  | { atMs: number; kind: 'again'; messages: Messages }
  | { atMs: number; kind: 'scaling' };

interface Worker {
  backlog: BacklogController;
  idleSinceMs: number;
}

/**
 * Runs a trace through the pipeline until every message is tagged, dead or expired.
 *
 * @returns the same to the same options and seed.
 */
export function simulateFleet(options: FleetOptions): SimulationResult {
  return new Fleet(options).run();
}

class Fleet {
  readonly #options: FleetOptions;
  readonly #events = new TinyQueue<Event>([], (a, b) => a.atMs - b.atMs);
  readonly #waiting: WaitingMessages;
  readonly #scaling: BatchScaling;
  readonly #table: WriteCapacity;
  readonly #work: FunctionWork;
  readonly #tally = new Tally();
  /** Used last, used next. */
  readonly #idle: Worker[] = [];
  readonly #longestTurn: number;
  #busy = 0;
  #scalingIsDue = false;

  constructor(options: FleetOptions) {
    const { limits, workload, policy, size, trace, batchSize } = options;
    this.#options = options;
    this.#waiting = new WaitingMessages(options);
    this.#scaling = new BatchScaling({ ...limits, ...options });
    this.#table = new WriteCapacity(limits.table, { unitsPerImage: workload.writeUnits });
    this.#work = new FunctionWork(workload, policy, vcpus(size));
    const images = trace.cohorts.reduce((sum, each) => sum + each.images, 0);
    this.#longestTurn = Math.max(1, Math.ceil(images / batchSize / TURNS));
  }

  run(): SimulationResult {
    const { cohorts } = this.#options.trace;
    this.#expect(cohorts, 0);
    for (let event = this.#events.pop(); event; event = this.#events.pop()) {
      if (event.kind === 'arrival') {
        this.#waiting.send(cohorts[event.index]!);
        this.#expect(cohorts, event.index + 1);
      }
      if (event.kind === 'again') this.#waiting.giveBack(event.messages);
      if (event.kind === 'scaling') this.#scalingIsDue = false;
      if (event.kind === 'done') this.#finish(event);
      this.#dispatch(event.atMs);
      this.#tally.look(event.atMs, this.#waiting.size, this.#busy);
    }
    return summarizeRun(this.#options, this.#tally, this.#waiting.expired);
  }

  #expect(cohorts: readonly Cohort[], index: number): void {
    const next = cohorts[index];
    if (next) this.#events.push({ atMs: next.atMs, kind: 'arrival', index });
  }

  #finish({ worker, atMs, stored, throttled }: Event & { kind: 'done' }): void {
    this.#busy--;
    worker.idleSinceMs = atMs;
    this.#idle.push(worker);
    this.#tally.addStored(stored, throttled);
    this.#tally.lastMs = atMs;
  }

  #dispatch(nowMs: number): void {
    const allowed = this.#scaling.allowedAt(nowMs);
    while (this.#waiting.size > 0 && this.#busy < allowed) this.#startTurn(nowMs, allowed);
    this.#scaling.note(nowMs, this.#waiting.size > 0);
    if (this.#scaling.isGrowing && !this.#scalingIsDue) {
      this.#scalingIsDue = true;
      this.#events.push({ atMs: nowMs + 1000, kind: 'scaling' });
    }
  }

  /** A worker takes a batch, or while very many wait, several. */
  #startTurn(nowMs: number, allowed: number): void {
    const { batchSize, coldStartMs, random } = this.#options;
    const perWorker = this.#waiting.size / (batchSize * allowed * TURNS_LEFT);
    const most = Math.min(this.#longestTurn, Math.max(1, Math.floor(perWorker)));
    const messages = this.#waiting.receive(batchSize * most, nowMs);
    const images = messages.reduce((sum, each) => sum + each.images, 0);
    if (images === 0) return;
    const batches = Math.ceil(images / batchSize);
    const { worker, isCold } = this.#worker(nowMs);
    const startMs = nowMs + (isCold ? coldStartMs : 0);

    const level = worker.backlog.observe(listAges(messages, nowMs), nowMs);
    const work = this.#work.draw(level, Math.min(images, batchSize), random);
    const readyMs = startMs + work.billedMs * images;
    const written = this.#table.store(images, {
      nowMs: startMs,
      readyMs,
      deadlineMs: readyMs + RETRY_SPAN_MS * batches,
    });

    this.#busy++;
    this.#tally.invocations += batches;
    if (isCold) this.#tally.addColdStart(coldStartMs);
    this.#tally.addWork(work, images, written.untilMs - readyMs);
    for (const { sentMs, images: count, receives } of messages) {
      // Of several batches in a row, the middle one stands for all.
      const middleMs = ((written.untilMs - startMs) * (batches - 1)) / batches / 2;
      if (receives === 1) this.#tally.addAge(startMs + middleMs - sentMs, count);
    }
    this.#giveBack(messages, images - written.images, written.untilMs);
    const throttled = written.throttled ? images : 0;
    this.#events.push({ atMs: written.untilMs, kind: 'done', worker, stored: written.images, throttled });
  }

  /** Those that could not be stored come again, or go to the dead-letter queue. */
  #giveBack(messages: readonly Messages[], failed: number, nowMs: number): void {
    const { maxReceiveCount, random } = this.#options;
    let left = failed;
    for (const { sentMs, receives, images } of messages.toReversed()) {
      const count = Math.min(left, images);
      if (count === 0) return;
      left -= count;
      if (receives >= maxReceiveCount) {
        this.#tally.deadLettered += count;
        continue;
      }
      this.#tally.handedBack += count;
      const delaySeconds = chooseReturnDelaySeconds({ tried: true, receiveCount: receives, random: random() });
      const atMs = nowMs + delaySeconds * 1000;
      this.#events.push({ atMs, kind: 'again', messages: { sentMs, receives, images: count } });
    }
  }

  #worker(nowMs: number): { worker: Worker; isCold: boolean } {
    const last = this.#idle.pop();
    if (last && nowMs - last.idleSinceMs <= WARM_MS) return { worker: last, isCold: false };
    // The others were used before it.
    this.#idle.length = 0;
    const { trace, policy } = this.#options;
    const targetAgeMs = trace.origin === 'backfill' ? Number.POSITIVE_INFINITY : policy.targetAgeMs;
    const backlog = new BacklogController({ targetAgeMs, steps: this.#work.steps.length - 1 });
    return { worker: { backlog, idleSinceMs: nowMs }, isCold: true };
  }
}

/** The median's, of those that come for the first time: it is all that the policy looks at. */
function listAges(messages: readonly Messages[], nowMs: number): number[] {
  const first = messages.filter(({ receives }) => receives === 1).toSorted((a, b) => a.sentMs - b.sentMs);
  let half = first.reduce((sum, { images }) => sum + images, 0) / 2;
  const median = first.find(({ images }) => {
    half -= images;
    return half <= 0;
  });
  return median ? [nowMs - median.sentMs] : [];
}
