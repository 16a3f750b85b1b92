import { type ImageRecord, isRejection, TagmillError } from '@tagmill/core';
import {
  type BudgetPolicy,
  type ChosenTagging,
  type Clock,
  chooseLatencyBudgetMs,
  type ImageTagger,
  type TagRequest,
} from '@tagmill/policy';
import type { ImageState, ObjectName } from '@tagmill/tag-store';
import { InspectionError, makeTaggedRecord, makeUntaggedRecord } from '@tagmill/tagger';
import { isAlreadyApplied, isUnchanged } from './already-applied.ts';
import type { ImageEvent } from './events.ts';
import { isFolder } from './folder.ts';
import type { ImageWriter, ObjectStore, StoredObject } from './ports.ts';
import { isNamedByOthers, renameCorrections, renameImage } from './rename-image.ts';
import { nameTaught, type RuleSet } from './rule-set.ts';
import type { RulesInForce } from './rules-in-force.ts';
import { unpackBody } from './unpack-body.ts';

export interface ProcessImageOptions {
  store: ImageWriter;
  objects: ObjectStore;
  tagger: ImageTagger;
  rules: RulesInForce;
  budgets: BudgetPolicy;
  /** Larger objects are rejected before their body is read. */
  maxBytes: number;
  clock: Clock;
}

/** What bounds an image's processing beside its own budget: its share of the batch's time, how many share the processor, its isolation. */
export type ExecutionLimits = Pick<TagRequest, 'shareMs' | 'inFlight' | 'isIsolated'>;

/** What the table was found to know of an image, and how long that took. */
export interface Read {
  value: ImageState;
  durationMs: number;
}

/** What became of an event, and the rules that were in force as far as was known. */
export interface Handled {
  processed: Processed;
  by: RuleSet;
}

/**
 * What became of an event: a record was written, which is given with the times that its own writing took; or the image's removal;
 * its tags were named by new rules; or there was nothing to do. `mended` is what was wrong with the record that it replaced, if that could
 * not be read.
 */
export type Processed =
  | { result: 'recorded'; record: ImageRecord; mended?: string }
  | { result: 'removed'; mended?: string }
  | { result: 'renamed' }
  | { result: 'skipped' };

/** Someone else wrote the image, or the rules, meanwhile: then it is read anew, which mostly finds little left to do. */
export const MAX_ATTEMPTS = 3;

/**
 * Makes the table agree with the object that an event is about, as the object is now, and names it by the rules in force.
 *
 * @param sentAt when the event was queued.
 * @throws {TagmillError} if the event must be tried again later; a fault of the image itself becomes a `rejected` record.
 */
export async function processImage(
  event: ImageEvent,
  sentAt: Date,
  limits: ExecutionLimits,
  options: ProcessImageOptions,
): Promise<Processed> {
  for (let attempt = 1; ; attempt++) {
    const { processed, by } = await handleEvent(event, sentAt, limits, options);
    // Only afterwards: rules that are put from now on find the image in the table (docs/decisions/16-rules.md).
    const now = await options.rules.refresh();
    if (now.version === by.version) return processed;
    if (attempt === MAX_ATTEMPTS) throw rulesChangedError();
  }
}

/**
 * The same without a last look at the rules. Who calls this has to ask which are in force afterwards, and if it is others, handle the
 * event again before it is acknowledged.
 *
 * @param known what the table was read to know of the image, before; read here if absent.
 */
export async function handleEvent(
  event: ImageEvent,
  sentAt: Date,
  limits: ExecutionLimits,
  options: ProcessImageOptions,
  known?: Read,
): Promise<Handled> {
  for (let attempt = 1; ; attempt++) {
    try {
      const queueMs = Math.max(0, options.clock.now().getTime() - sentAt.getTime());
      const read = attempt === 1 && known ? known : await timed(() => options.store.read(event));
      // Others may be newer than those that are known here.
      const isDoubtful = isNamedByOthers(read.value, options.rules.current);
      const by = isDoubtful ? await options.rules.refresh() : options.rules.current;
      return { processed: await attemptImage(event, read, { ...limits, queueMs, by }, options), by };
    } catch (error) {
      const isConflict = error instanceof TagmillError && error.code === 'conflict';
      if (!isConflict || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

export function rulesChangedError(): TagmillError {
  return new TagmillError('conflict', 'The rules changed meanwhile', { retryable: true });
}

/**
 * Records that an image was given up, ahead of its last try: a function that is killed records nothing. Success overwrites it.
 *
 * @throws {TagmillError} if it can't be written.
 */
export async function recordFailure(
  event: ImageEvent,
  receiveCount: number,
  { store, tagger, clock }: Pick<ProcessImageOptions, 'store' | 'tagger' | 'clock'>,
): Promise<void> {
  const seen = await store.read(event);
  if (isAlreadyApplied(event, seen, tagger)) return;
  const at = clock.now();
  const error = new TagmillError('gave-up', `Gave up after ${receiveCount} tries`);
  const { sequencer } = event;
  await store.write(seen, { sequencer, record: makeUntaggedRecord(seen.name, error, at), at });
}

async function attemptImage(
  event: ImageEvent,
  read: Read,
  { queueMs, by, ...limits }: ExecutionLimits & { queueMs: number; by: RuleSet },
  options: ProcessImageOptions,
): Promise<Processed> {
  const { store, tagger, clock } = options;
  const seen = read.value;
  const mustRename = isNamedByOthers(seen, by);
  const { sequencer } = event;
  if (isAlreadyApplied(event, seen, tagger)) {
    if (!mustRename) {
      await store.finish(seen, clock.now());
      return { result: 'skipped' };
    }
    const named = await tagger.rename(seen.scores!, by.rules);
    if (named) {
      await renameImage(seen, { named, by }, options);
      return { result: 'renamed' };
    }
  }

  // Only now: whoever writes on the strength of `seen` has read the object later than anyone who wrote before.
  const request = { ...limits, by, spentMs: read.durationMs, mustRename };
  const inspected = await inspectObject(seen, request, options);
  const at = clock.now();
  if (inspected.unchanged) {
    await store.confirm(seen, { sequencer, at });
    return { result: 'skipped' };
  }

  const recordWith = (writeMs: number) =>
    recordOf(seen.name, inspected, { queueMs, storeMs: read.durationMs + writeMs, at });
  // The record carries these numbers, so its own writing can only count as long as that of the one before took.
  const record = recordWith(tagger.lastStoreMs());
  const written = await timed(() =>
    store.write(seen, {
      sequencer,
      record,
      ...(inspected.tagging && {
        scores: inspected.tagging.scores,
        fingerprint: inspected.tagging.fingerprint,
        rules: by.version,
      }),
      ...renameCorrections(by.rules, seen),
      lastModified: inspected.object?.lastModified,
      at,
    }),
  );
  if (inspected.tagging) tagger.stored(written.durationMs);
  const timedRecord = recordWith(written.durationMs);
  const mended = seen.fault === undefined ? {} : { mended: seen.fault };
  return timedRecord ? { result: 'recorded', record: timedRecord, ...mended } : { result: 'removed', ...mended };
}

/** What was found at an object's name; nothing of it if the object is gone. */
interface InspectedObject {
  object?: StoredObject;
  unchanged?: true;
  latencyMs?: number | undefined;
  fetchMs?: number;
  tagging?: ChosenTagging;
  rejection?: TagmillError;
}

async function inspectObject(
  seen: ImageState,
  {
    spentMs,
    mustRename,
    by,
    ...limits
  }: ExecutionLimits & Pick<TagRequest, 'spentMs'> & { by: RuleSet; mustRename: boolean },
  { objects, tagger, budgets, maxBytes }: ProcessImageOptions,
): Promise<InspectedObject> {
  const { name } = seen;
  const inspected: InspectedObject = {};
  try {
    const opened = await timed(() => objects.open(name));
    const object = opened.value;
    if (!object) return inspected;
    if (isFolder({ ...name, ...object })) {
      object.discard();
      return inspected;
    }
    inspected.object = object;
    if (!mustRename && isUnchanged(object, seen, tagger)) {
      object.discard();
      return { ...inspected, unchanged: true };
    }
    if (object.sizeBytes > maxBytes) {
      object.discard();
      const tooLarge = new TagmillError('too-many-bytes', `${object.sizeBytes} bytes, at most ${maxBytes} are read`);
      throw new InspectionError(tooLarge, { bytes: object.sizeBytes });
    }
    const body = await timed(async () => unpackBody(await object.read(), { encoding: object.encoding, maxBytes }));
    inspected.fetchMs = opened.durationMs + body.durationMs;
    inspected.latencyMs = chooseLatencyBudgetMs({ key: name.key, metadata: object.metadata }, budgets);
    const { latencyMs } = inspected;
    const { rules } = by;
    const request = {
      ...limits,
      rules,
      ...(latencyMs !== undefined && { latencyMs }),
      spentMs: spentMs + inspected.fetchMs,
    };
    const tagging = await tagger.tag(body.value, request);
    inspected.tagging = nameTaught(tagging, tagging, by);
  } catch (error) {
    if (!isRejection(error)) throw error;
    inspected.rejection = error;
  }
  return inspected;
}

function recordOf(
  { bucket, key }: ObjectName,
  { object, latencyMs, fetchMs = 0, tagging: chosen, rejection }: InspectedObject,
  { queueMs, storeMs, at }: { queueMs: number; storeMs: number; at: Date },
): ImageRecord | undefined {
  const { versionId, etag } = object ?? {};
  const name = { bucket, key, ...(versionId && { versionId }), ...(etag && { etag }) };
  if (rejection) return makeUntaggedRecord(name, rejection, at);
  if (!chosen) return undefined;
  const { choice, ...tagging } = chosen;
  const totalMs = hundredths(fetchMs + tagging.timings.totalMs + storeMs);
  const timings = { queueMs, fetchMs: hundredths(fetchMs), ...tagging.timings, storeMs: hundredths(storeMs), totalMs };
  const budget = latencyMs === undefined ? {} : { budget: { latencyMs, met: totalMs <= latencyMs, ...choice } };
  return { ...makeTaggedRecord(name, tagging, at), timings, ...budget };
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; durationMs: number }> {
  const start = performance.now();
  const value = await work();
  return { value, durationMs: performance.now() - start };
}

function hundredths(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
