import * as v from 'valibot';

const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const count = v.pipe(v.string(), v.toNumber(), natural);
export const milliseconds = v.pipe(natural, v.maxValue(60_000));

/** The environment that the stack gives to the function. */
export const settingsSchema = v.pipe(
  v.object({
    TABLE_NAME: v.string(),
    QUEUE_URL: v.pipe(v.string(), v.url()),
    BACKFILL_QUEUE_URL: v.pipe(v.string(), v.url()),
    /** A catalogue's folder, relative to the function's bundle. */
    MODELS_DIRECTORY: v.string(),
    /** To choose from, image by image … */
    FAMILY: v.optional(v.string()),
    /** … or this one alone. */
    VARIANT: v.optional(v.string()),
    QUEUE_TARGET_AGE_SECONDS: count,
    /** Of images that nothing else gives one. */
    LATENCY_BUDGET_MS: v.union([v.literal('none'), v.pipe(v.string(), v.toNumber(), milliseconds)]),
    /** Of budgets by prefix, relative to the function's bundle; there are none if absent. */
    BUDGET_RULES_FILE: v.optional(v.string()),
    TOP_N: count,
    MIN_CONFIDENCE: v.union([
      v.picklist(['default', 'sure']),
      v.pipe(v.string(), v.toNumber(), v.minValue(0), v.maxValue(1)),
    ]),
    MAX_BYTES: count,
    MAX_PIXELS: count,
    MAX_RECEIVE_COUNT: count,
    /** Set by Lambda: where the bundle lies. */
    LAMBDA_TASK_ROOT: v.optional(v.string(), process.cwd()),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: v.optional(count),
  }),
  v.forward(
    v.check(
      ({ FAMILY, VARIANT }) => (FAMILY === undefined) !== (VARIANT === undefined),
      'either this or VARIANT must be set',
    ),
    ['FAMILY'],
  ),
);

export type Settings = v.InferOutput<typeof settingsSchema>;
