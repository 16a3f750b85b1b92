import * as v from 'valibot';

/** The environment that the stack gives to the function. */
export const settingsSchema = v.object({
  BACKFILL_QUEUE_URL: v.pipe(v.string(), v.url()),
  BUCKET_NAME: v.string(),
  /** Only keys that begin and end so; all if unset. */
  KEY_PREFIX: v.optional(v.string(), ''),
  KEY_SUFFIX: v.optional(v.string(), ''),
});

export type Settings = v.InferOutput<typeof settingsSchema>;
