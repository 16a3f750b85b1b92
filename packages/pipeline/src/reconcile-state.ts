import * as z from 'zod';

const count = z.int().min(0).default(0);

const reportSchema = z.object({
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
  unreadableKeys: z.array(z.string()).default([]),
  /** Messages about any of these that SQS refused. */
  refused: count,
  /** In the table. */
  records: count,
  /** Beside them, those that can't be read and that no object led to. */
  orphaned: count,
  /** Of them, those whose object is gone. Enqueued, so that they are removed. */
  gone: count,
});

/** What a comparison found. */
export type ReconcileReport = z.output<typeof reportSchema>;

/** How far a comparison is: JSON that one step hands to the next. */
export const reconcileStateSchema = z.object({
  /** First the bucket's objects are looked up in the table, then the table's records in the bucket. */
  phase: z.enum(['objects', 'records', 'done']).default('objects'),
  /** The key of the last object that was compared; of an inventory, its position. */
  startAfter: z.string().optional(),
  /** Where the table has been read to. */
  position: z.object({ pk: z.string(), sk: z.string() }).optional(),
  /** The queue of backfills is full: how long to wait before the next step. */
  waitSeconds: z.int().positive().optional(),
  /** A backfill was running, whose images would have been taken for lost: nothing was compared. */
  postponed: z.literal(true).optional(),
  report: reportSchema.prefault({}),
});

export type ReconcileState = z.output<typeof reconcileStateSchema>;

export function beginning(): ReconcileState {
  return reconcileStateSchema.parse({});
}
