import { setTimeout } from 'node:timers/promises';
import { TagmillError } from '@tagmill/core';
import {
  formatRevisitMessage,
  isNamedByOthers,
  type RefusedMessage,
  SQS_BATCH_SIZE,
  type SqsQueue,
  type VersionedRuleSet,
} from '@tagmill/pipeline';
import type { ImageState, RulesStore } from '@tagmill/tag-store';
import { type ChangeRuleSet, changeRuleSet } from './change-rule-set.ts';

export interface ApplyRulesOptions {
  /** What is put in force. */
  change: ChangeRuleSet;
  store: Pick<RulesStore, 'version' | 'text' | 'put'>;
  /** Every image that has a record, anew each time. */
  images: () => AsyncIterable<ImageState>;
  /** That the tagging function looks after images from. */
  queue: Pick<SqsQueue, 'send' | 'depth'>;
  /** Images that are enqueued in a second, at most. */
  ratePerSecond: number;
  onProgress?: (progress: ApplyRulesProgress) => void;
  /** Hears of messages that SQS refuses: their images stay as they are. */
  onRefused: (message: RefusedMessage) => void;
}

export interface ApplyRulesProgress {
  /** Images, those that were enqueued again included. */
  enqueued: number;
  /** Messages that the function has not dealt with yet; absent while images are still being enqueued. */
  left?: number;
}

/** Messages may fail, and images be written by a worker that has not heard of the rules yet. */
const MAX_ROUNDS = 3;
const POLL_MS = 1000;

/** What was put in force, and how many images were enqueued to be named by it. */
export interface AppliedRules {
  set: VersionedRuleSet;
  enqueued: number;
}

/**
 * Puts rules and taught tags in force, and has each image that others named looked after by the tagging function, which names it anew from its
 * kept scores. When it returns, all are: the whole table was read once more. Interrupted, it goes on where it is when it is
 * run again: what is done isn't enqueued.
 *
 * @throws {TagmillError} `conflict` if others are put in force meanwhile; `unavailable` if some images stay as they are.
 */
export async function applyRules({ change, store, ...options }: ApplyRulesOptions): Promise<AppliedRules> {
  const { queue, onProgress } = options;
  const set = await changeRuleSet(store, change);
  let enqueued = 0;
  for (let round = 1; ; round++) {
    const now = await enqueue(set, options, enqueued);
    if ((await store.version()) !== set.version) {
      throw new TagmillError('conflict', 'Other rules, or taught tags, were put in force meanwhile', {
        retryable: true,
      });
    }
    if (now === 0) return { set, enqueued };
    enqueued += now;
    if (round > MAX_ROUNDS) {
      throw new TagmillError('unavailable', `${now} images are still named by other rules: look at the dead letters`, {
        retryable: true,
      });
    }
    for (let left = await depth(queue); left > 0; left = await depth(queue)) {
      onProgress?.({ enqueued, left });
      await setTimeout(POLL_MS);
    }
  }
}

/** @returns how many. */
async function enqueue(
  set: VersionedRuleSet,
  { images, queue, ratePerSecond, onProgress, onRefused }: Omit<ApplyRulesOptions, 'change' | 'store'>,
  before: number,
): Promise<number> {
  const start = performance.now();
  let enqueued = 0;
  let batch: string[] = [];
  const flush = async () => {
    const refused: RefusedMessage[] = [];
    await queue.send(batch, { onRefused: (message) => void refused.push(message) });
    enqueued += batch.length - refused.length;
    // In the rounds after the first they come again.
    if (before === 0) refused.forEach(onRefused);
    batch = [];
    onProgress?.({ enqueued: before + enqueued });
    const aheadMs = (enqueued / ratePerSecond) * 1000 - (performance.now() - start);
    if (aheadMs > 0) await setTimeout(aheadMs);
  };
  for await (const image of images()) {
    if (!isNamedByOthers(image, set)) continue;
    batch.push(formatRevisitMessage(image.name));
    if (batch.length === SQS_BATCH_SIZE) await flush();
  }
  if (batch.length > 0) await flush();
  return enqueued;
}

async function depth(queue: ApplyRulesOptions['queue']): Promise<number> {
  const { waiting, inFlight } = await queue.depth();
  return waiting + inFlight;
}
