import type { Clock } from '@tagmill/policy';
import {
  type ImageState,
  imageId,
  isNamedIn,
  type ObjectName,
  type RecordedImages,
  STATES_AT_ONCE,
  type TablePosition,
  type UnreadableItem,
} from '@tagmill/tag-store';
import pLimit from 'p-limit';
import { isSameObject } from './already-applied.ts';
import type { BackfillQueue } from './backfill-queue.ts';
import { isFolder } from './folder.ts';
import type { InventoriedObject, Inventory } from './inventory.ts';
import type { ReconcileState } from './reconcile-state.ts';
import type { ListedObject, S3ObjectStore } from './s3-object-store.ts';

export interface ReconcileOptions {
  bucket: string;
  /** Only keys that begin and end so. */
  prefix: string;
  suffix: string;
  objects: Pick<S3ObjectStore, 'list' | 'exists'>;
  /** Of the bucket, to be compared in place of its own listing. */
  inventory?: Pick<Inventory, 'objects' | 'manifest'>;
  table: {
    states(names: readonly ObjectName[]): Promise<ImageState[]>;
    /** Those that are not found as their records say. */
    findUnindexed(states: readonly ImageState[]): Promise<ReadonlySet<ImageState>>;
    images(after?: TablePosition): Promise<RecordedImages>;
    /** An unreadable record that no object led to and that nothing names; whether it was removed. */
    removeUnreadable(id: string): Promise<boolean>;
  };
  queue: BackfillQueue;
  /** What is younger isn't judged. */
  graceSeconds: number;
  clock: Clock;
  /** Whether there is time for another page. */
  hasTime: () => boolean;
}

type FoundObject = ListedObject & Partial<InventoriedObject>;
type Finding = 'inFlight' | 'missing' | 'stale' | 'failed' | 'unreadable' | undefined;

const TO_LOOK_AT: readonly Finding[] = ['missing', 'stale', 'unreadable'];

/** That a report names: it goes from step to step, of which each may have 256 kB. */
const MAX_KEYS = 20;

/** Requests to S3 in flight. */
const EXISTENCE_CHECKS = 16;

/** Long enough for the queue of backfills to drain by some thousands. */
const WAIT_SECONDS = 300;

/**
 * Compares a bucket with the table, as far as time allows, and enqueues what they disagree on: events can be lost. Enqueued is
 * only a hint to look, so whatever is found wrongly does no harm (docs/decisions/14-reconcile.md).
 *
 * @returns where to go on: the same state may be given again after a crash.
 * @throws {TagmillError} of S3, DynamoDB or SQS.
 */
export async function reconcileStep(from: ReconcileState, options: ReconcileOptions): Promise<ReconcileState> {
  const { waitSeconds: _, ...before } = from;
  let state: ReconcileState = structuredClone(before);
  do {
    if (state.phase === 'done') return state;
    if (!(await options.queue.hasRoom())) return { ...state, waitSeconds: WAIT_SECONDS };
    state = state.phase === 'objects' ? await compareObjects(state, options) : await compareRecords(state, options);
  } while (options.hasTime());
  return state;
}

/** As many pages as there is time for, in one listing. */
async function compareObjects(state: ReconcileState, options: ReconcileOptions): Promise<ReconcileState> {
  const { bucket, prefix, suffix, objects, inventory, queue, hasTime } = options;
  const { startAfter } = state;
  const listing = inventory
    ? inventory.objects({ prefix, after: startAfter })
    : objects.list({ bucket, prefix, ...(startAfter === undefined ? {} : { startAfter }) });
  let page: FoundObject[] = [];
  for await (const object of listing) {
    if (!object.key.endsWith(suffix) || isFolder(object)) continue;
    page.push(object);
    if (page.length < STATES_AT_ONCE) continue;
    await comparePage(page, state, options);
    page = [];
    if (!hasTime() || !(await queue.hasRoom())) return state;
  }
  await comparePage(page, state, options);
  const { startAfter: _, ...rest } = state;
  return { ...rest, phase: 'records' };
}

async function comparePage(page: readonly FoundObject[], state: ReconcileState, options: ReconcileOptions) {
  const { table, queue, clock, inventory, graceSeconds } = options;
  if (page.length === 0) return;
  const listedAt = inventory?.manifest.createdAt ?? clock.now();
  const since = new Date(listedAt.getTime() - graceSeconds * 1000);
  const states = await table.states(page);
  const unfinished = await table.findUnindexed(states);
  const found = page.map((object, i) => findingOf(object, states[i]!, { unfinished, since }));
  const findings = inventory ? await withoutRemoved(page, found, options) : found;
  const refused = await queue.enqueue(page.filter((_, i) => TO_LOOK_AT.includes(findings[i])));
  for (const finding of findings) if (finding) state.report[finding]++;
  const { unreadableKeys } = state.report;
  const unreadable = page.filter((_, i) => findings[i] === 'unreadable').map(({ key }) => key);
  unreadableKeys.push(...unreadable.slice(0, MAX_KEYS - unreadableKeys.length));
  state.report.refused += refused.length;
  state.report.objects += page.length;
  const last = page.at(-1)!;
  state.startAfter = last.position ?? last.key;
}

/** An inventory is a day old: what the table knows nothing of may have been removed since. */
async function withoutRemoved(
  page: readonly FoundObject[],
  findings: readonly Finding[],
  { objects }: ReconcileOptions,
): Promise<Finding[]> {
  const limit = pLimit(EXISTENCE_CHECKS);
  return Promise.all(
    findings.map((finding, i) =>
      limit(async () => (finding === 'missing' && !(await objects.exists(page[i]!)) ? undefined : finding)),
    ),
  );
}

/** What is wrong with what the table shows of an object; undefined if nothing is. */
function findingOf(
  object: ListedObject,
  seen: ImageState,
  { unfinished, since }: { unfinished: ReadonlySet<ImageState>; since: Date },
): Finding {
  if (seen.status === 'unreadable') return 'unreadable';
  // A revision is the time of its write: whoever wrote it lately may have seen events that are yet to come here.
  if (object.lastModified > since || seen.revision > since.getTime()) return 'inFlight';
  if (unfinished.has(seen)) return 'stale';
  const { record } = seen;
  if (!record) return 'missing';
  // Of an object that couldn't even be opened, nothing but the time is known.
  const isUnread = seen.lastModified === undefined;
  const isShown = isUnread ? new Date(record.taggedAt) >= object.lastModified : isSameObject(seen, object);
  if (!isShown) return 'stale';
  return record.outcome === 'failed' ? 'failed' : undefined;
}

async function compareRecords(state: ReconcileState, options: ReconcileOptions): Promise<ReconcileState> {
  const { bucket, prefix, table, queue } = options;
  const { names, unreadable, next } = await table.images(state.position);
  const isOwn = (name: ObjectName) => name.bucket === bucket && name.key.startsWith(prefix);
  const own = names.filter(isOwn);
  const named = unreadable.filter((item) => isNamedIn(bucket, item));
  const gone = await withoutObjects(own, options);
  const orphans = await withoutObjects(named.map(({ key }) => ({ bucket, key })).filter(isOwn), options);
  const refused = await queue.enqueue([...gone, ...orphans]);
  const nameless = unreadable.filter((item) => !isNamedIn(bucket, item));
  const removed = await removeNameless(nameless, state, options);
  const report = {
    ...state.report,
    records: state.report.records + own.length,
    gone: state.report.gone + gone.length,
    orphaned: state.report.orphaned + orphans.length + removed,
    refused: state.report.refused + refused.length,
  };
  const { position: _, ...rest } = state;
  return next ? { ...rest, report, position: next } : { ...rest, report, phase: 'done' };
}

async function withoutObjects(names: readonly ObjectName[], { objects }: ReconcileOptions): Promise<ObjectName[]> {
  const limit = pLimit(EXISTENCE_CHECKS);
  const exist = await Promise.all(names.map((name) => limit(() => objects.exists(name))));
  return names.filter((_, i) => !exist[i]);
}

/**
 * Removes unreadable records that nothing names and that no listed object led to. An object that was put since the listing is
 * found missing by the next comparison, if its event doesn't come.
 *
 * @returns how many.
 */
async function removeNameless(
  items: readonly UnreadableItem[],
  { report: { unreadableKeys } }: ReconcileState,
  { bucket, inventory, table }: ReconcileOptions,
): Promise<number> {
  // Where there are too many to name, which of them objects led to isn't known here: the next comparison finds these mended.
  // An inventory may be a day old.
  if (inventory || unreadableKeys.length >= MAX_KEYS) return 0;
  const enqueued = new Set(unreadableKeys.map((key) => imageId({ bucket, key })));
  const orphans = items.filter(({ id }) => !enqueued.has(id));
  const limit = pLimit(EXISTENCE_CHECKS);
  const removed = await Promise.all(orphans.map(({ id }) => limit(() => table.removeUnreadable(id))));
  return removed.filter(Boolean).length;
}
