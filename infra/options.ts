import { TagmillError } from '@tagmill/core';
import { z } from 'zod';
import { ARCHITECTURES } from './bundles.ts';
import { faultOfKeyPart } from './key-filter.ts';
import { isBucketName, isTableName, nameAtItsLongest } from './names.ts';
import { SERVICE_LIMITS as LIMITS, LOG_RETENTION_DAYS } from './service-limits.ts';

const milliseconds = z.int().min(1).max(60_000);
const bucketName = z.string().refine(isBucketName, 'is no name of a bucket');
/** Of a new bucket or table: with the account and the region put in, it must still be one. */
const chosenName = (isName: (text: string) => boolean) =>
  z.string().refine((name) => isName(nameAtItsLongest(name)), {
    error: ({ input }) => `is no name, or too long a one: ${nameAtItsLongest(String(input))} at its longest`,
  });
const concurrency = z.int().min(LIMITS.eventSourceConcurrency.least).max(LIMITS.eventSourceConcurrency.most);
const bytesOf = (text: string) => Buffer.byteLength(text);
const keyPart = z
  .string()
  .default('')
  .superRefine((text, { addIssue }) => {
    const message = faultOfKeyPart(text);
    if (message !== undefined) addIssue({ code: 'custom', message });
  });

/** Everything that can be chosen about a stack. A name that isn't here is refused. */
const fields = z.strictObject({
  /** Several stacks may be in one account and region, each by its own name. A changed name is another stack. */
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'must begin with a letter and have letters, digits and dashes only')
    .max(LIMITS.stackNameCharacters.most)
    .default('Tagmill'),
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
  budgetRules: z
    .array(
      z.strictObject({
        prefix: z.string().refine((prefix) => bytesOf(prefix) <= LIMITS.objectKeyBytes.most, 'is longer than any key'),
        latencyMs: milliseconds,
      }),
    )
    .max(1000)
    .default([]),
  topN: z.int().min(1).max(20).default(5),
  /** `default`: by tag and variant, so that four in five are right; `sure`: 95% of them; a number: all that are at least so sure. */
  minConfidence: z.union([z.number().min(0).max(1), z.enum(['default', 'sure'])]).default('default'),
  maxBytes: z
    .int()
    .positive()
    .default(64 * 2 ** 20),
  maxPixels: z.int().positive().default(200_000_000),
  /**
   * At least what one large image and three small ones take at once: docs/decisions/decoding.md.
   * 1,769 MB is one vCPU: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
   */
  memoryMb: z.int().min(1536).max(LIMITS.functionMemoryMb.most).default(1769),
  timeoutSeconds: z.int().min(LIMITS.functionTimeoutSeconds.least).max(LIMITS.functionTimeoutSeconds.most).default(60),
  /**
   * Six times the timeout plus the window, or more; by default just that.
   * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   */
  visibilityTimeoutSeconds: z.int().max(LIMITS.visibilityTimeoutSeconds.most).optional(),
  /** Tries before a message goes to the dead-letter queue. A hand-back costs one too: few are for tests of retries. */
  maxReceiveCount: z.int().min(2).max(LIMITS.maxReceiveCount.most).default(10),
  batchSize: z.int().min(1).max(1000).default(10),
  /** More than ten a batch needs a window of at least a second. */
  batchWindowSeconds: z.int().min(0).max(LIMITS.batchWindowSeconds.most).default(0),
  maxConcurrency: concurrency.default(6),
  backfillMaxConcurrency: concurrency.default(2),
  /** How often the bucket is compared with the table: docs/decisions/reconcile.md. */
  reconcileEveryHours: z.int().min(1).max(744).default(24),
  /** Objects and records that are younger are taken to be in flight then: longer than messages wait. */
  reconcileGraceHours: z.int().min(1).max(168).default(24),
  /** Only keys that begin and end so: one each, case-sensitive. */
  prefix: keyPart,
  suffix: keyPart,
  /**
   * Of the new bucket, which CloudFormation names otherwise; `{account}` and `{region}` are put in. Another name is another bucket:
   * docs/operations/names.md.
   */
  uploadBucketName: chosenName(isBucketName).optional(),
  /** Of the table, in the same way. */
  tableName: chosenName(isTableName).optional(),
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
    .regex(/^arn:[^:]+:sns:[^:]+:\d{12}:[\w-]{1,256}$/, 'is no ARN of an SNS topic')
    .optional(),
  /** What becomes of bucket and table when the stack is deleted. */
  removalPolicy: z.enum(['retain', 'destroy']).default('retain'),
  logRetentionDays: z.literal(LOG_RETENTION_DAYS).default(30),
});

/** The options, and what they have to do with each other. */
const stackOptionsSchema = fields
  .refine(
    ({ batchSize, batchWindowSeconds }) => batchSize <= LIMITS.batchSizeWithoutWindow.most || batchWindowSeconds >= 1,
    {
      path: ['batchWindowSeconds'],
      message: `must be at least 1 for batches of more than ${LIMITS.batchSizeWithoutWindow.most}`,
    },
  )
  .refine(({ prefix, suffix }) => bytesOf(prefix + suffix) <= LIMITS.objectKeyBytes.most, {
    path: ['suffix'],
    message: `and the prefix have more than ${LIMITS.objectKeyBytes.most} bytes together: no key is so long`,
  })
  .refine(({ existingBucketName, uploadBucketName }) => !existingBucketName || !uploadBucketName, {
    path: ['uploadBucketName'],
    message: 'is for a new bucket, and existingBucketName for one that is there: say one of them',
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

/** So long a message waits for the tagging function, at most; not an option. */
export const MESSAGE_RETENTION_DAYS = 7;

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
