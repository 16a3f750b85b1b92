import * as z from 'zod';

const count = z.number().nonnegative();
const confidence = z.number().min(0).max(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** The design's record, as it is stored of an image that was looked at. */
export const storedRecordSchema = z.strictObject({
  schemaVersion: z.literal(1),
  image: z.strictObject({
    bucket: z.string(),
    key: z.string(),
    etag: z.string(),
    versionId: z.string().optional(),
    sha256,
    bytes: count,
    width: count,
    height: count,
    format: z.string(),
  }),
  outcome: z.enum(['tagged', 'empty']),
  tags: z.array(z.strictObject({ name: z.string(), confidence, parents: z.array(z.string()) })),
  broader: z.array(z.strictObject({ name: z.string(), confidence })),
  model: z.strictObject({
    variant: z.string(),
    family: z.string(),
    alpha: count,
    resolution: count,
    precision: z.string(),
    sha256,
  }),
  timings: z.strictObject({
    queueMs: count,
    fetchMs: count,
    decodeMs: count,
    inferMs: count,
    storeMs: count,
    totalMs: count,
  }),
  budget: z.strictObject({
    latencyMs: count,
    met: z.boolean(),
    predictedMs: z.number(),
    reason: z.string(),
    extrapolated: z.boolean(),
  }),
  taggedAt: z.iso.datetime(),
});
