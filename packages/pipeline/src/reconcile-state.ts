import { listFaults, TagmillError, validate } from '@tagmill/core';
import * as v from 'valibot';

const count = v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0);

const reportSchema = v.object({
  /** In the bucket, below the prefix. */
  objects: count,
  /** Of them, too young to be judged, or written to the table a short time ago: their events may be on the way. */
  inFlight: count,
  /** The table knew nothing of them. Enqueued. */
  missing: count,
  /** The table showed another version, or a tagging that was never finished. Enqueued. */
  stale: count,
  /** Given up after every try; not enqueued: they are in the dead-letter queue, or were. */
  failed: count,
  /** What the table has of them can't be read. Enqueued, so that they are looked at anew. */
  unreadable: count,
  /** Some of those, by their keys. */
  unreadableKeys: v.optional(v.array(v.string()), []),
  /** Messages about any of these that SQS refused. */
  refused: count,
  /** In the table. */
  records: count,
  /** Unreadable ones whose object is gone: enqueued if their entry in the index names it, else removed. */
  orphaned: count,
  /** Of them, those whose object is gone. Enqueued, so that they are removed. */
  gone: count,
});

/** What a comparison found. */
export type ReconcileReport = v.InferOutput<typeof reportSchema>;

/** How far a comparison is: JSON that one step hands to the next. */
export const reconcileStateSchema = v.object({
  /** First the bucket's objects are looked up in the table, then the table's records in the bucket. */
  phase: v.optional(v.picklist(['objects', 'records', 'done']), 'objects'),
  /** The key of the last object that was compared; of an inventory, its position. */
  startAfter: v.optional(v.string()),
  /** Where the table has been read to. */
  position: v.optional(v.object({ pk: v.string(), sk: v.string() })),
  /** The queue of backfills is full: how long to wait before the next step. */
  waitSeconds: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  /** A backfill was running, whose images would have been taken for lost: nothing was compared. */
  postponed: v.optional(v.literal(true)),
  report: v.optional(reportSchema, {}),
});

export type ReconcileState = v.InferOutput<typeof reconcileStateSchema>;

export function beginReconcile(): ReconcileState {
  return v.parse(reconcileStateSchema, {});
}

/** @throws {TagmillError} `internal` if that is no state of a comparison: whoever answers it is of another version. */
export function parseReconcileState(given: unknown): ReconcileState {
  const result = validate(reconcileStateSchema, given);
  if (!result.issues) return result.value;
  throw new TagmillError('internal', `Not a state of a comparison: ${listFaults(result.issues).join('; ')}`, {
    cause: result.issues,
  });
}
