import { TagmillError } from '@tagmill/core';
import { z } from 'zod';
import { ARCHITECTURES } from './bundles.ts';

const milliseconds = z.int().min(1).max(60_000);
const bucketName = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is no name of a bucket');

/** Everything that can be chosen about a stack. A name that isn't here is refused. */
const fields = z.strictObject({
  /** `arm64` is cheaper by a fifth; ONNX Runtime once aborted there at load (microsoft/onnxruntime #28230). */
  architecture: z.enum(ARCHITECTURES).default('x86_64'),
  /** The variants to choose from, image by image. */
  family: z.string().default('everyday'),
  /** One variant for all images, instead. */
  variant: z.string().optional(),
  /** From messages of this age on, images are tagged by faster variants, until the queue is drained. */
  queueTargetAgeSeconds: z.int().min(1).max(86_400).default(300),
  /** An image's own processing: fetch, decode, infer, store. */
  latencyBudgetMs: z.union([milliseconds, z.literal('none')]).default(500),
  /** Budgets of keys that begin so; the longest prefix that fits decides. */
  budgetRules: z.array(z.strictObject({ prefix: z.string(), latencyMs: milliseconds })).default([]),
  topN: z.int().min(1).max(20).default(5),
  /** `sure`: each variant's own, from which on 80% of its tags are right. */
  minConfidence: z.union([z.number().min(0).max(1), z.literal('sure')]).default(0.1),
  maxBytes: z
    .int()
    .positive()
    .default(64 * 2 ** 20),
  maxPixels: z.int().positive().default(200_000_000),
  /**
   * At least what one large image and three small ones take at once: docs/decisions/decoding.md.
   * 1,769 MB is one vCPU: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
   */
  memoryMb: z.int().min(1536).max(10_240).default(1769),
  timeoutSeconds: z.int().min(1).max(900).default(60),
  /**
   * Six times the timeout plus the window, or more; by default just that.
   * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   */
  visibilityTimeoutSeconds: z.int().max(43_200).optional(),
  /** Tries before a message goes to the dead-letter queue. A hand-back costs one too: few are for tests of retries. */
  maxReceiveCount: z.int().min(2).max(1000).default(10),
  batchSize: z.int().min(1).max(1000).default(10),
  /** More than ten a batch needs a window of at least a second. */
  batchWindowSeconds: z.int().min(0).max(300).default(0),
  maxConcurrency: z.int().min(2).max(1000).default(6),
  backfillMaxConcurrency: z.int().min(2).max(1000).default(2),
  /** How often the bucket is compared with the table: docs/decisions/reconcile.md. */
  reconcileEveryHours: z.int().min(1).max(744).default(24),
  /** Objects and records that are younger are taken to be in flight then: longer than messages wait. */
  reconcileGraceHours: z.int().min(1).max(168).default(24),
  /** Only keys that begin and end so: one each, case-sensitive. */
  prefix: z.string().default(''),
  suffix: z.string().default(''),
  /** Tag the images of a bucket that is there already: see docs/decisions/stack.md. */
  existingBucketName: bucketName.optional(),
  /** The key that encrypts its objects, where that is a key of yours. */
  existingBucketKeyArn: z
    .string()
    .regex(/^arn:[^:]+:kms:[^:]+:\d{12}:key\/.+$/, 'is no ARN of a KMS key')
    .optional(),
  /** Where S3 writes an inventory of the bucket to, so that backfill and reconcile can read it: docs/decisions/backfill.md. */
  inventoryBucketName: bucketName.optional(),
  /** An SNS topic of yours that is told of each alarm; else they only show on the dashboard and in the console. */
  alarmTopicArn: z
    .string()
    .regex(/^arn:[^:]+:sns:[^:]+:\d{12}:[\w-]+$/, 'is no ARN of an SNS topic')
    .optional(),
  /** What becomes of bucket and table when the stack is deleted. */
  removalPolicy: z.enum(['retain', 'destroy']).default('retain'),
  logRetentionDays: z.literal([1, 3, 5, 7, 14, 30, 60, 90, 180, 365]).default(30),
});

/** The options, and what they have to do with each other. */
const stackOptionsSchema = fields
  .refine(({ batchSize, batchWindowSeconds }) => batchSize <= 10 || batchWindowSeconds >= 1, {
    path: ['batchWindowSeconds'],
    message: 'must be at least 1 for batches of more than 10',
  })
  .refine(({ existingBucketName, existingBucketKeyArn }) => existingBucketName || !existingBucketKeyArn, {
    path: ['existingBucketKeyArn'],
    message: 'is for an existing bucket: say existingBucketName',
  })
  .transform((options) => ({
    ...options,
    visibilityTimeoutSeconds: options.visibilityTimeoutSeconds ?? leastVisibilitySeconds(options),
  }))
  .refine((options) => options.visibilityTimeoutSeconds >= leastVisibilitySeconds(options), {
    path: ['visibilityTimeoutSeconds'],
    message: 'must be at least six times timeoutSeconds, plus batchWindowSeconds',
  });

export type StackOptions = z.output<typeof stackOptionsSchema>;

/**
 * Reads the stack's options.
 *
 * @param given an object, or its JSON as `cdk --context tagmill='{…}'` passes it.
 * @throws {TagmillError} `invalid-settings`, naming each option that is unknown or malformed.
 */
export function parseStackOptions(given: unknown): StackOptions {
  const parsed = stackOptionsSchema.safeParse(typeof given === 'string' ? parseJson(given) : (given ?? {}));
  if (parsed.success) return parsed.data;
  const known = Object.keys(fields.shape).join(', ');
  const faults = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `unknown ${issue.keys.join(', ')}; there are: ${known}`
      : `${issue.path.join('.') || 'all'}: ${issue.message}`,
  );
  throw new TagmillError('invalid-settings', `Stack options: ${faults.join('; ')}`, { cause: parsed.error });
}

function leastVisibilitySeconds(
  options: Pick<z.output<typeof fields>, 'timeoutSeconds' | 'batchWindowSeconds'>,
): number {
  const { timeoutSeconds, batchWindowSeconds } = options;
  return 6 * timeoutSeconds + batchWindowSeconds;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TagmillError('invalid-settings', 'Stack options: not JSON', { cause });
  }
}
