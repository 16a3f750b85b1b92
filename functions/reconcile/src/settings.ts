import * as z from 'zod';

/** The environment that the stack gives to the function. */
export const settingsSchema = z.object({
  TABLE_NAME: z.string(),
  BUCKET_NAME: z.string(),
  /** Only keys that begin and end so; all if unset. */
  KEY_PREFIX: z.string().default(''),
  KEY_SUFFIX: z.string().default(''),
  BACKFILL_QUEUE_URL: z.url(),
  /** What is younger isn't judged. */
  GRACE_SECONDS: z.coerce.number().int().min(0),
});

export type Settings = z.output<typeof settingsSchema>;
