import { TagmillError } from '@tagmill/core';
import { type Batch, chooseLatencyBudgetMs, chooseReturnDelaySeconds, type DeadlineEstimator } from '@tagmill/policy';
import { compareSequencers, imageId, type ObjectName } from '@tagmill/tag-store';
import pLimit from 'p-limit';
import { type ImageEvent, parseMessage } from './events.ts';
import {
  type ExecutionLimits,
  handleEvent,
  type Processed,
  type ProcessImageOptions,
  type Read,
  recordFailure,
} from './process-image.ts';
import { type Done, underRulesInForce } from './under-rules-in-force.ts';

export interface QueueMessage {
  messageId: string;
  receiptHandle: string;
  queueArn: string;
  body: string;
  sentAt: Date;
  /** This receive included: 1 at first. */
  receiveCount: number;
}

export interface ProcessBatchOptions extends ProcessImageOptions {
  /** Of the queue's redrive policy. */
  maxReceiveCount: number;
  deadlineEstimator: DeadlineEstimator;
  /** Left until the function is killed. */
  remainingMs: () => number;
  /** Makes a message visible again in that time. */
  returnMessage: (message: QueueMessage, delaySeconds: number) => Promise<void>;
  /** In [0, 1). */
  random: () => number;
}

/** `not-tried`: time would not have been enough. `gave-up-waiting`: it was tried, and time ran out. */
export type ImageResult = ObjectName & { messageIds: string[] } & (
    | Processed
    | { result: 'error'; error: unknown }
    | { result: 'not-tried' }
    | { result: 'gave-up-waiting' }
  );

export interface BatchReport {
  images: ImageResult[];
  /** To be named in the batch response, so that they come back. */
  returnedMessageIds: string[];
  testEvents: number;
  unknown: number;
  /** Faults beside the images': they don't change the result, and should be logged. */
  warnings: unknown[];
}

/** Kept for returning messages, metrics and the answer. */
const CLOSING_MS = 1000;
/** Of that, kept for a last look at the rules. */
const RULES_MS = 400;

/** One image, with all that the batch says of it. */
interface Task extends ObjectName {
  sources: { event: ImageEvent; message: QueueMessage }[];
}

/**
 * Works through a batch. Events of one image are done one after the other, newest first, different images side by side.
 * Before the function's time is up, what isn't done is handed back: a worker that is still busy with it by then can do no
 * harm (docs/decisions/06-exactly-once.md). A message returns if any image that it names does.
 */
export async function processBatch(
  messages: readonly QueueMessage[],
  options: ProcessBatchOptions,
): Promise<BatchReport> {
  const report: BatchReport = { images: [], returnedMessageIds: [], testEvents: 0, unknown: 0, warnings: [] };
  const tasks = tasksOf(messages, report);
  await recordLastChances(tasks, options, report);
  report.images = await runTasks(tasks, options);
  await returnMessages(messages, options, report);
  return report;
}

function tasksOf(messages: readonly QueueMessage[], report: BatchReport): Task[] {
  const tasks = new Map<string, Task>();
  for (const message of messages) {
    const { events, testEvents, unknown } = parseMessage(message.body);
    report.testEvents += testEvents;
    report.unknown += unknown;
    for (const event of events) {
      const { bucket, key } = event;
      const id = imageId(event);
      const task = tasks.get(id) ?? { bucket, key, sources: [] };
      tasks.set(id, task);
      task.sources.push({ event, message });
    }
  }
  for (const { sources } of tasks.values()) {
    sources.sort((a, b) => compareSequencers(b.event.sequencer ?? '', a.event.sequencer ?? ''));
  }
  // Whatever has been handed back most often is closest to the dead-letter queue.
  return [...tasks.values()].sort((a, b) => receiveCount(b) - receiveCount(a));
}

/** All of them before any is tried: an image that kills the function takes the whole batch with it. */
async function recordLastChances(tasks: readonly Task[], options: ProcessBatchOptions, report: BatchReport) {
  const lastChances = tasks.filter((task) => receiveCount(task) >= options.maxReceiveCount);
  const recorded = await Promise.allSettled(
    lastChances.map((task) => recordFailure(task.sources[0]!.event, receiveCount(task), options)),
  );
  for (const each of recorded) if (each.status === 'rejected') report.warnings.push(each.reason);
}

async function runTasks(tasks: readonly Task[], options: ProcessBatchOptions): Promise<ImageResult[]> {
  const { tagger, deadlineEstimator, rules, remainingMs } = options;
  const inFlight = tagger.plan(batchOf(tasks, options));
  const limit = pLimit(inFlight);
  const started = new Set<Task>();
  const done = new Map<Task, Done<ImageResult>>();
  const timeLeftMs = () => remainingMs() - CLOSING_MS;
  let isOver = false;

  const run = async (task: Task, read?: Read) => {
    // The first is always taken: an estimate that once exceeded the whole time would otherwise stop everything for ever.
    if (isOver || (started.size > 0 && !deadlineEstimator.fits(timeLeftMs()))) return;
    // So that all of them are done in time, each takes no more than its share of it.
    const shareMs = (timeLeftMs() * inFlight) / (tasks.length - started.size);
    started.add(task);
    const each = await runTask(task, { ...executionLimits(task, inFlight), shareMs }, options, read);
    if (!isOver) done.set(task, each);
  };
  const runAll = async () => {
    const reads = await readAhead(tasks, options);
    await Promise.all(tasks.map((task) => limit(() => run(task, reads.get(task)))));
  };
  await within(timeLeftMs(), runAll());
  isOver = true;

  const results = new Map<Task, ImageResult>();
  const lastLook = underRulesInForce(done, (task, result) => results.set(task, result), {
    rules,
    again: (task) => limit(() => runTask(task, executionLimits(task, inFlight), options)),
    failed: (task, error) => ({ ...nameOf(task), result: 'error' as const, error }),
  });
  await within(timeLeftMs() + RULES_MS, lastLook);
  return tasks.map((task) => {
    const unfinished = started.has(task) ? ('gave-up-waiting' as const) : ('not-tried' as const);
    return results.get(task) ?? { ...nameOf(task), result: unfinished };
  });
}

function executionLimits(task: Task, inFlight: number): ExecutionLimits {
  return { inFlight, isIsolated: receiveCount(task) > 1 };
}

/** What the table knows of all of them, by one request; of none if that fails: then each is read by itself. */
async function readAhead(tasks: readonly Task[], { store }: ProcessBatchOptions): Promise<ReadonlyMap<Task, Read>> {
  const start = performance.now();
  const states = await store.readAll(tasks.map(({ bucket, key }) => ({ bucket, key }))).catch(() => []);
  const durationMs = (performance.now() - start) / tasks.length;
  return new Map(states.map((value, i) => [tasks[i]!, { value, durationMs }]));
}

/** A message that was handed back is old and says nothing of a backlog; one that was redriven was sent anew. */
function batchOf(tasks: readonly Task[], { budgets, clock }: ProcessBatchOptions): Batch {
  const nowMs = clock.now().getTime();
  const first = tasks.flatMap(({ sources }) => sources).filter(({ message }) => message.receiveCount === 1);
  const limits = tasks.flatMap(({ key }) => chooseLatencyBudgetMs({ key, metadata: {} }, budgets) ?? []);
  return {
    agesMs: first.map(({ message }) => nowMs - message.sentAt.getTime()),
    ...(limits.length > 0 && { latencyMs: Math.min(...limits) }),
  };
}

async function runTask(
  task: Task,
  limits: ExecutionLimits,
  options: ProcessBatchOptions,
  read?: Read,
): Promise<Done<ImageResult>> {
  const start = performance.now();
  try {
    const [first, ...rest] = task.sources;
    let { processed, by } = await handleEvent(first!.event, first!.message.sentAt, limits, options, read);
    for (const { event, message } of rest) ({ by } = await handleEvent(event, message.sentAt, limits, options));
    return { result: { ...nameOf(task), ...processed }, rules: by };
  } catch (error) {
    return { result: { ...nameOf(task), result: 'error', error } };
  } finally {
    options.deadlineEstimator.record(performance.now() - start);
  }
}

async function returnMessages(
  messages: readonly QueueMessage[],
  { maxReceiveCount, returnMessage, random }: ProcessBatchOptions,
  report: BatchReport,
): Promise<void> {
  const reasons = new Map<string, { tried: boolean }>();
  for (const { result, messageIds, ...image } of report.images) {
    if (result !== 'error' && result !== 'not-tried' && result !== 'gave-up-waiting') continue;
    const isConflict = 'error' in image && image.error instanceof TagmillError && image.error.code === 'conflict';
    const tried = result !== 'not-tried' && !isConflict;
    for (const id of messageIds) reasons.set(id, { tried: tried || (reasons.get(id)?.tried ?? false) });
  }
  const returned = messages.filter(({ messageId }) => reasons.has(messageId));
  report.returnedMessageIds = returned.map(({ messageId }) => messageId);
  const delayed = await Promise.allSettled(
    returned.map((message) => {
      const { tried } = reasons.get(message.messageId)!;
      const isLast = message.receiveCount >= maxReceiveCount;
      const delay = { tried, receiveCount: message.receiveCount, random: random() };
      return returnMessage(message, isLast ? 0 : chooseReturnDelaySeconds(delay));
    }),
  );
  for (const each of delayed) if (each.status === 'rejected') report.warnings.push(each.reason);
}

function nameOf({ bucket, key, sources }: Task): ObjectName & { messageIds: string[] } {
  return { bucket, key, messageIds: [...new Set(sources.map(({ message }) => message.messageId))] };
}

function receiveCount({ sources }: Task): number {
  return Math.max(...sources.map(({ message }) => message.receiveCount));
}

/** Waits for work, but no longer than that. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, milliseconds));
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
