import { z } from 'zod';

/** The environment that the stack gives to the function. */
export const settingsSchema = z.object({
  TABLE_NAME: z.string(),
  /** Folder of the label sets, relative to the function's bundle. */
  LABELS_DIRECTORY: z.string(),
  /** Set by Lambda: where the bundle lies. */
  LAMBDA_TASK_ROOT: z.string().default(process.cwd()),
});
