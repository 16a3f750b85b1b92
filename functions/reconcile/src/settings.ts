import * as v from 'valibot';

/** The environment that the stack gives to the function. */
export const settingsSchema = v.object({
  TABLE_NAME: v.string(),
  BUCKET_NAME: v.string(),
  /** Only keys that begin and end so; all if unset. */
  KEY_PREFIX: v.optional(v.string(), ''),
  KEY_SUFFIX: v.optional(v.string(), ''),
  BACKFILL_QUEUE_URL: v.pipe(v.string(), v.url()),
  /** What is younger isn't judged. */
  GRACE_SECONDS: v.pipe(v.string(), v.toNumber(), v.safeInteger(), v.minValue(0)),
});

export type Settings = v.InferOutput<typeof settingsSchema>;
