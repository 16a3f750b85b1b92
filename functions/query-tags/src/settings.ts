import * as z from 'zod';

/** The environment that the stack gives to the function. */
export const settingsSchema = z.object({
  TABLE_NAME: z.string(),
  /** That images are looked after through. */
  BACKFILL_QUEUE_URL: z.url(),
  /** Folder of the label sets, relative to the function's bundle. */
  LABELS_DIRECTORY: z.string(),
  /** Set by Lambda: where the bundle lies. */
  LAMBDA_TASK_ROOT: z.string().default(process.cwd()),
});
