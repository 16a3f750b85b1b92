// valibot, as in @tagmill/variants: `tagmill tag` reads these files at each start.
import * as v from 'valibot';

const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What is expected of a tag with a variant, and from which confidence it is shown. */
const expectedSchema = v.strictObject({
  slope: v.number(),
  offset: v.number(),
  /** 90% of such tags are expected to be right; and 95%, null where no threshold reaches that. */
  shown: fraction,
  sure: v.nullable(fraction),
  precision: fraction,
  recall: fraction,
});

/** A taught tag, as it is kept. */
export const taughtTagSchema = v.strictObject({
  schemaVersion: v.literal(1),
  name: v.pipe(v.string(), v.minLength(1)),
  family: v.string(),
  /** The variant that its head was fitted with. */
  variant: v.string(),
  space: v.string(),
  method: v.picklist(['logistic-regression', 'discriminant-analysis']),
  head: v.strictObject({ weights: v.array(v.number()), bias: v.number() }),
  prevalence: fraction,
  /** By variant of the space. */
  expected: v.record(v.string(), expectedSchema),
  examples: v.array(
    v.strictObject({
      sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
      /** The mean over its views, a signed byte a dimension, in base64. */
      embedding: v.string(),
    }),
  ),
  /** Photos that were said not to show it. */
  notCount: count,
  skippedCount: count,
  /** ISO 8601. */
  taughtAt: v.string(),
});

export type TaughtTag = v.InferOutput<typeof taughtTagSchema>;
export type Expected = v.InferOutput<typeof expectedSchema>;
