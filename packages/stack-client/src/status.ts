import type { Outcome, TagmillError } from '@tagmill/core';
import type { QueueDepth } from '@tagmill/pipeline';
import { readRecordedImages } from '@tagmill/tag-store';
import type { OpenStack, StackAddress } from './stack.ts';
import { type FindUnreadableOptions, findUnreadable, type UnreadableRecords } from './unreadable-records.ts';

export const QUEUE_NAMES = ['live', 'backfill', 'deadLetters'] as const;

export type QueueName = (typeof QUEUE_NAMES)[number];

export interface QueueStatus extends QueueDepth {
  /** As CloudWatch saw it last; absent for a queue that is empty or was not used, and offline. */
  oldestAgeSeconds?: number;
}

export interface AlarmStatus {
  name: string;
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** ISO 8601: since when. */
  since: string;
  meaning: string;
}

/** What feeds a queue's messages to the function that tags. */
export interface MappingStatus {
  queue: string;
  /** `Enabled`, `Disabled` or on the way from one to the other, as Lambda calls it. */
  state: string;
}

/** What only a deployed stack has. */
export interface DeployedStatus {
  alarms: AlarmStatus[];
  mappings: MappingStatus[];
  oldestAgeSeconds: Partial<Record<QueueName, number>>;
}

export interface StackStatus {
  queues: Record<QueueName, QueueStatus>;
  /** Images in the table; absent if the API couldn't count them. */
  outcomes?: Record<Outcome, number>;
  /** Absent if the table couldn't be looked through. */
  unreadable?: UnreadableRecords;
  alarms?: AlarmStatus[];
  mappings?: MappingStatus[];
  /** What needs someone, a line each; empty if nothing does. */
  problems: string[];
}

/**
 * How a stack is doing.
 *
 * @param options.maxPages of the table, a megabyte each, in which unreadable records are looked for; all if absent.
 * @throws {TagmillError} `unavailable` if its queues can't be reached.
 */
export async function readStackStatus(
  stack: OpenStack,
  { uploadBucket }: Pick<StackAddress, 'uploadBucket'>,
  { deployed, maxPages }: { deployed?: DeployedStatus | undefined } & Pick<FindUnreadableOptions, 'maxPages'> = {},
): Promise<StackStatus> {
  const opened = { live: stack.queue, backfill: stack.backfillQueue, deadLetters: stack.deadLetters };
  const problems: string[] = [];
  const [depths, outcomes, unreadable] = await Promise.all([
    Promise.all(QUEUE_NAMES.map((name) => opened[name].depth())),
    countOutcomes(stack).catch(
      (error: TagmillError) => void problems.push(`Images can't be counted: ${error.message}`),
    ),
    findUnreadable({
      images: (after) => readRecordedImages(stack.table, after),
      objects: stack.objects,
      bucket: uploadBucket,
      maxPages,
    }).catch((error: TagmillError) => void problems.push(`The table can't be looked through: ${error.message}`)),
  ]);
  const queues = Object.fromEntries(
    QUEUE_NAMES.map((name, i) => {
      const oldestAgeSeconds = deployed?.oldestAgeSeconds[name];
      return [name, { ...depths[i], ...(oldestAgeSeconds !== undefined && { oldestAgeSeconds }) }];
    }),
  ) as StackStatus['queues'];
  const { alarms, mappings } = deployed ?? {};
  if (unreadable) problems.push(...unreadableProblems(unreadable, uploadBucket));
  problems.push(...listProblems({ queues, ...(alarms && { alarms }), ...(mappings && { mappings }) }));
  return {
    queues,
    ...(outcomes && { outcomes }),
    ...(unreadable && { unreadable }),
    ...(alarms && { alarms }),
    ...(mappings && { mappings }),
    problems,
  };
}

const MAX_NAMED = 10;

function unreadableProblems({ records }: UnreadableRecords, bucket: string): string[] {
  const lines = records.slice(0, MAX_NAMED).map((record) => unreadableProblem(record, bucket));
  const others = records.length - lines.length;
  return others > 0 ? [...lines, `${others} more records can't be read`] : lines;
}

function unreadableProblem({ id, key, fault }: UnreadableRecords['records'][number], bucket: string): string {
  const isAbout = key === undefined ? `I#${id}, of no object that was found` : `s3://${bucket}/${key}`;
  return `The record of ${isAbout} can't be read (${fault}): run tagmill reconcile`;
}

async function countOutcomes({ callApi }: Pick<OpenStack, 'callApi'>): Promise<Record<Outcome, number>> {
  const answer = await callApi('stats');
  if (!answer.ok) throw new Error(`the API answered ${answer.status}`);
  const { byOutcome } = (await answer.json()) as { byOutcome?: Record<Outcome, number> };
  if (!byOutcome) throw new Error('its answer has no counts');
  return byOutcome;
}

function listProblems({ queues, alarms = [], mappings = [] }: Omit<StackStatus, 'problems'>): string[] {
  const { waiting, inFlight } = queues.deadLetters;
  const dead = waiting + inFlight;
  return [
    ...(dead > 0 ? [`${dead} dead-lettered messages: see tagmill query outcome:failed, then tagmill redrive`] : []),
    ...alarms.filter(({ state }) => state === 'ALARM').map(({ name, meaning }) => `Alarm ${name}: ${meaning}`),
    ...mappings
      .filter(({ state }) => state !== 'Enabled')
      .map(({ queue, state }) => `Nothing takes messages from ${queue}: its event source mapping is ${state}`),
  ];
}
