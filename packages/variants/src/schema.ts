// valibot, not zod as elsewhere: what is read at each start takes a third of the time with it (docs/experiments/speed-ways.md).
import { BROADER_RULES } from '@tagmill/core';
import * as v from 'valibot';

const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** A path inside the catalogue's folder: relative, and never out of it. */
const relativePath = v.pipe(
  v.string(),
  v.regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\\]+$/, 'must be a relative path inside the catalogue'),
);

const catalogueEntrySchema = v.strictObject({
  variant: v.string(),
  /** `.onnx` as it stands, or `.safetensors` that the graph is built from when it is loaded. */
  file: v.pipe(relativePath, v.regex(/\.(?:onnx|safetensors)$/, 'must end in .onnx or .safetensors')),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  labels: v.string(),
  preprocessing: v.strictObject({
    inputSize: count,
    fit: v.picklist(['centre-crop', 'squash']),
    centralFraction: v.pipe(fraction, v.gtValue(0)),
  }),
  multAdds: count,
  parameters: count,
  sizeBytes: count,
  top1: v.optional(fraction),
  top5: v.optional(fraction),
  measuredOn: v.optional(v.string()),
  /** From which confidence each tag is shown. */
  thresholds: v.optional(relativePath),
  source: v.string(),
  licence: v.string(),
});

/** `catalogue.json`: the same shape for the project's own models and for a user's. */
export const catalogueSchema = v.strictObject({
  schemaVersion: v.literal(1),
  labelSets: v.record(v.string(), relativePath),
  variants: v.array(catalogueEntrySchema),
});

export const labelsSchema = v.pipe(
  v.array(
    v.strictObject({
      index: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
      wnid: v.optional(v.string()),
      name: v.pipe(v.string(), v.minLength(1)),
      synonyms: v.array(v.string()),
      parents: v.array(v.string()),
      isBroader: v.optional(v.literal(true)),
    }),
  ),
  v.check((labels) => labels.every((label, position) => label.index === position), 'must be in the order of `index`'),
);

const threshold = v.nullable(fraction);
const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A variant's thresholds, and what they were chosen by. */
export const thresholdsSchema = v.strictObject({
  schemaVersion: v.literal(1),
  measuredOn: v.string(),
  broader: v.picklist(BROADER_RULES),
  tags: v.record(
    v.string(),
    v.strictObject({
      shown: threshold,
      sure: threshold,
      /** The share of people's photos that the tag is taken to be on; absent if all tags were measured together. */
      prevalence: v.optional(fraction),
      /** Photos of the measurement that are known to have it, and known not to. */
      positives: v.optional(wholeNumber),
      negatives: v.optional(wholeNumber),
    }),
  ),
});

export type ThresholdsFile = v.InferOutput<typeof thresholdsSchema>;
export type CatalogueEntry = v.InferOutput<typeof catalogueEntrySchema>;
export type CatalogueFile = v.InferOutput<typeof catalogueSchema>;
