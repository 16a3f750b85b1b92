import * as z from 'zod';

const fraction = z.number().min(0).max(1);

/** A path inside the catalogue's folder: relative, and never out of it. */
const relativePath = z
  .string()
  .regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\\]+$/, 'must be a relative path inside the catalogue');

export const catalogueEntrySchema = z.strictObject({
  variant: z.string(),
  /** `.onnx` as it stands, or `.safetensors` that the graph is built from when it is loaded. */
  file: relativePath.regex(/\.(?:onnx|safetensors)$/, 'must end in .onnx or .safetensors'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  labels: z.string(),
  preprocessing: z.strictObject({
    inputSize: z.int().positive(),
    fit: z.enum(['centre-crop', 'squash']),
    centralFraction: fraction.positive(),
  }),
  multAdds: z.int().positive(),
  parameters: z.int().positive(),
  sizeBytes: z.int().positive(),
  top1: fraction.optional(),
  top5: fraction.optional(),
  measuredOn: z.string().optional(),
  sureFrom: fraction.optional(),
  source: z.string(),
  licence: z.string(),
});

/** `catalogue.json`: the same shape for the project's own models and for a user's. */
export const catalogueSchema = z.strictObject({
  schemaVersion: z.literal(1),
  labelSets: z.record(z.string(), relativePath),
  variants: z.array(catalogueEntrySchema),
});

export const labelsSchema = z
  .array(
    z.strictObject({
      index: z.int().nonnegative(),
      wnid: z.string().optional(),
      name: z.string().min(1),
      synonyms: z.array(z.string()),
      parents: z.array(z.string()),
    }),
  )
  .refine((labels) => labels.every((label, position) => label.index === position), 'must be in the order of `index`');

export type CatalogueEntry = z.infer<typeof catalogueEntrySchema>;
export type CatalogueFile = z.infer<typeof catalogueSchema>;
