import * as z from 'zod';

/** The environment that the stack gives to the function. */
export const settingsSchema = z.object({
  BACKFILL_QUEUE_URL: z.url(),
  BUCKET_NAME: z.string(),
  /** Only keys that begin and end so; all if unset. */
  KEY_PREFIX: z.string().default(''),
  KEY_SUFFIX: z.string().default(''),
});

export type Settings = z.output<typeof settingsSchema>;
