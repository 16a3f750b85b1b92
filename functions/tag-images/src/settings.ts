import * as z from 'zod';

const count = z.coerce.number().int().positive();
const milliseconds = z.coerce.number().int().min(1).max(60_000);

/** The environment that the stack gives to the function. */
export const settingsSchema = z
  .object({
    TABLE_NAME: z.string(),
    QUEUE_URL: z.url(),
    BACKFILL_QUEUE_URL: z.url(),
    /** A catalogue's folder, relative to the function's bundle. */
    MODELS_DIRECTORY: z.string(),
    /** To choose from, image by image … */
    FAMILY: z.string().optional(),
    /** … or this one alone. */
    VARIANT: z.string().optional(),
    QUEUE_TARGET_AGE_SECONDS: count,
    LATENCY_BUDGET_MS: milliseconds,
    BUDGET_RULES: z
      .string()
      .transform((text, context) => {
        try {
          return JSON.parse(text);
        } catch {
          context.addIssue({ code: 'custom', message: 'must be JSON' });
          return z.NEVER;
        }
      })
      .pipe(z.array(z.strictObject({ prefix: z.string(), latencyMs: milliseconds }))),
    TOP_N: count,
    MIN_CONFIDENCE: z.union([z.literal('sure'), z.coerce.number().min(0).max(1)]),
    MAX_BYTES: count,
    MAX_PIXELS: count,
    MAX_RECEIVE_COUNT: count,
    /** Set by Lambda: where the bundle lies. */
    LAMBDA_TASK_ROOT: z.string().default(process.cwd()),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: count.optional(),
  })
  .refine(({ FAMILY, VARIANT }) => (FAMILY === undefined) !== (VARIANT === undefined), {
    path: ['FAMILY'],
    message: 'either this or VARIANT must be set',
  });

export type Settings = z.output<typeof settingsSchema>;
