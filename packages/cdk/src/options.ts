import { MEMORY_OF_A_VCPU_MB, TagmillError } from '@tagmill/core';
import { z } from 'zod';
import { faultOfKeyPart } from './key-filter.ts';
import { isBucketName, isTableName, nameAtItsLongest } from './names.ts';
import type { PipelineProps } from './pipeline-props.ts';
import { SERVICE_LIMITS as LIMITS, LOG_RETENTION_DAYS } from './service-limits.ts';

const ARCHITECTURES = ['x86_64', 'arm64'] as const;

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

/**
 * Everything that can be chosen about a stack. A name that isn't here is refused. The descriptions are the page
 * docs/reference/stack-options.md: `node scripts/write-reference.ts` writes it.
 */
export const stackOptionFields = z.strictObject({
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'must begin with a letter and have letters, digits and dashes only')
    .max(LIMITS.stackNameCharacters.most)
    .default('Tagmill')
    .describe(
      'Name of the CloudFormation stack. Give each stack of an account and region its own. A changed name is another stack.',
    ),
  architecture: z
    .enum(ARCHITECTURES)
    .default('x86_64')
    .describe(
      "The functions' processor. `arm64` costs a fifth less a second; ONNX Runtime once aborted there at load (microsoft/onnxruntime #28230).",
    ),
  family: z
    .string()
    .default('everyday')
    .describe('The family whose variants the functions choose from, image by image.'),
  variant: z.string().optional().describe('One variant for all images. Then the functions choose nothing.'),
  queueTargetAgeSeconds: z
    .int()
    .min(1)
    .max(86_400)
    .default(300)
    .describe('When messages are older than this, the functions use faster variants until the queue is drained.'),
  latencyBudgetMs: z
    .union([milliseconds, z.literal('none')])
    .default(500)
    .describe(
      "Latency budget of an image: fetch, decode, infer and store. An image's metadata or a budget rule overrides it.",
    ),
  budgetRules: z
    .array(
      z.strictObject({
        prefix: z.string().refine((prefix) => bytesOf(prefix) <= LIMITS.objectKeyBytes.most, 'is longer than any key'),
        latencyMs: milliseconds,
      }),
    )
    .max(1000)
    .default([])
    .describe(
      'Latency budgets by key: a list of `{"prefix", "latencyMs"}`. The longest prefix that fits a key decides.',
    ),
  topN: z.int().min(1).max(20).default(5).describe('Most tags of an image.'),
  minConfidence: z
    .union([z.number().min(0).max(1), z.enum(['default', 'sure'])])
    .default('default')
    .describe(
      'Which tags an image gets. `default`: those of which four in five are right. `sure`: those of which 95% are. A number: all that are at least so confident.',
    ),
  maxBytes: z
    .int()
    .positive()
    .default(64 * 2 ** 20)
    .describe('Largest file that is tagged, in bytes. A larger one is rejected as `too-many-bytes`.'),
  maxPixels: z
    .int()
    .positive()
    .default(200_000_000)
    .describe('Largest image that is tagged, width times height. A larger one is rejected as `too-many-pixels`.'),
  // At least what one large image and three small ones take at once: docs/decisions/22-decoding-limits.md.
  memoryMb: z
    .int()
    .min(1536)
    .max(LIMITS.functionMemoryMb.most)
    .default(MEMORY_OF_A_VCPU_MB)
    .describe(
      `Memory of the function that tags. Lambda gives CPU in proportion: ${MEMORY_OF_A_VCPU_MB.toLocaleString('en')} MB are one vCPU.`,
    ),
  timeoutSeconds: z
    .int()
    .min(LIMITS.functionTimeoutSeconds.least)
    .max(LIMITS.functionTimeoutSeconds.most)
    .default(60)
    .describe('Longest run of the function that tags one batch.'),
  // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
  visibilityTimeoutSeconds: z
    .int()
    .max(LIMITS.visibilityTimeoutSeconds.most)
    .optional()
    .describe(
      'How long SQS hides a message that a worker has taken. At least six times `timeoutSeconds` plus `batchWindowSeconds`, which is the default.',
    ),
  maxReceiveCount: z
    .int()
    .min(2)
    .max(LIMITS.maxReceiveCount.most)
    .default(10)
    .describe(
      'Tries before a message goes to the dead-letter queue. A message that a worker hands back has spent a try.',
    ),
  batchSize: z.int().min(1).max(1000).default(10).describe('Most messages that one invocation takes.'),
  batchWindowSeconds: z
    .int()
    .min(0)
    .max(LIMITS.batchWindowSeconds.most)
    .default(0)
    .describe('How long SQS waits to fill a batch. A `batchSize` above 10 needs at least 1.'),
  maxConcurrency: concurrency.default(6).describe('Most batches of new images that are tagged at once.'),
  backfillMaxConcurrency: concurrency.default(2).describe('Most batches of a backfill that are tagged at once.'),
  reconcileEveryHours: z
    .int()
    .min(1)
    .max(744)
    .default(24)
    .describe('How often the function `reconcile` compares the bucket with the table.'),
  reconcileGraceHours: z
    .int()
    .min(1)
    .max(168)
    .default(24)
    .describe(
      'The comparison counts objects and records that are younger than this as in flight and does not judge them.',
    ),
  prefix: keyPart.describe('Tag only keys that begin so. Case matters.'),
  suffix: keyPart.describe('Tag only keys that end so. Case matters.'),
  uploadBucketName: chosenName(isBucketName)
    .optional()
    .describe(
      'Name of the new bucket. `{account}` and `{region}` are put in. Without it CloudFormation chooses a name. A changed name is another bucket: docs/operations/names.md.',
    ),
  tableName: chosenName(isTableName).optional().describe('Name of the table, in the same way.'),
  existingBucketName: bucketName
    .optional()
    .describe('Tag the images of a bucket that is there already: docs/guides/deploy.md.'),
  existingBucketKeyArn: z
    .string()
    .regex(/^arn:[^:]+:kms:[^:]+:\d{12}:key\/.+$/, 'is no ARN of a KMS key')
    .optional()
    .describe('ARN of the KMS key that encrypts the objects of the existing bucket.'),
  inventoryBucketName: bucketName
    .optional()
    .describe(
      'Bucket that S3 writes an inventory to. With it, `backfill` and `reconcile` can read an inventory instead of listing the bucket.',
    ),
  alarmTopicArn: z
    .string()
    .regex(/^arn:[^:]+:sns:[^:]+:\d{12}:[\w-]{1,256}$/, 'is no ARN of an SNS topic')
    .optional()
    .describe('ARN of an SNS topic of yours. The alarms notify it. Without it, they only show on the dashboard.'),
  removalPolicy: z
    .enum(['retain', 'destroy'])
    .default('retain')
    .describe('What becomes of the bucket and the table when the stack is deleted.'),
  logRetentionDays: z.literal(LOG_RETENTION_DAYS).default(30).describe('How long CloudWatch keeps the logs.'),
});

/** The options, and what they have to do with each other. */
const stackOptionsSchema = stackOptionFields
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

/** Have no default: what they say is done only if they are given. */
type WithoutDefault = 'variant' | 'uploadBucketName' | 'tableName' | 'inventoryBucketName';

type WithDefaults = {
  [Name in Exclude<keyof PipelineProps, WithoutDefault>]-?: Exclude<PipelineProps[Name], undefined>;
};

/** Options of a stack, with the defaults of what wasn't given. */
export interface StackOptions extends WithDefaults, Pick<PipelineProps, WithoutDefault> {
  /** Name of the CloudFormation stack. Default: "Tagmill". */
  stackName: string;
  /** Tag the images of a bucket that is there already, and sends its events to EventBridge. */
  existingBucketName?: string | undefined;
  /** ARN of the KMS key that encrypts the objects of the existing bucket. */
  existingBucketKeyArn?: string | undefined;
  /** ARN of an SNS topic that is told of the alarms. */
  alarmTopicArn?: string | undefined;
}

/** Of a stack, what a construct is given in another form: a bucket, a topic, the stack around it. */
export const STACK_ONLY = ['stackName', 'existingBucketName', 'existingBucketKeyArn', 'alarmTopicArn'] as const;

/** What a construct is told besides. */
const CONSTRUCT_ONLY = ['bucket', 'alarmTopic', 'name', 'functions'] as const;

/** What is left for the construct to be told. */
export type PipelineOptions = Omit<StackOptions, (typeof STACK_ONLY)[number]>;

/**
 * Reads the options of a {@link TaggingStack}.
 *
 * @param given an object, or its JSON: the content of a file, or what `cdk --context tagmill='{…}'` passes.
 * @throws {TagmillError} `invalid-settings`, naming each option that is unknown or malformed.
 *
 * @example
 * parseStackOptions('{"latencyBudgetMs":300}').stackName // 'Tagmill'
 */
export function parseStackOptions(given: unknown): StackOptions {
  const options = typeof given === 'string' ? parseJson(given) : (given ?? {});
  return parseOptions(options, 'Stack options', Object.keys(stackOptionFields.shape));
}

function parseOptions(given: unknown, subject: string, known: readonly string[]): StackOptions {
  const parsed = stackOptionsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `unknown ${issue.keys.join(', ')}; there are: ${known.join(', ')}`
      : `${issue.path.join('.') || 'all'}: ${issue.message}`,
  );
  throw new TagmillError('invalid-settings', `${subject}: ${faults.join('; ')}`, { cause: parsed.error });
}

/**
 * Reads a construct's options.
 *
 * @throws {TagmillError} `invalid-settings`, naming each option that is unknown or malformed.
 */
export function parsePipelineOptions(given: object): PipelineOptions {
  const misplaced = STACK_ONLY.filter((name) => Object.hasOwn(given, name));
  if (misplaced.length > 0) {
    throw new TagmillError(
      'invalid-settings',
      `TaggingPipeline: ${misplaced.join(', ')}: for tagmill's own stack; a construct takes a name, a bucket and an alarmTopic`,
    );
  }
  const own = Object.keys(stackOptionFields.shape).filter((name) => !(STACK_ONLY as readonly string[]).includes(name));
  const parsed = parseOptions(given, 'TaggingPipeline', [...CONSTRUCT_ONLY, ...own]);
  const { stackName, existingBucketName, existingBucketKeyArn, alarmTopicArn, ...options } = parsed;
  return options;
}

function leastVisibilitySeconds(
  options: Pick<z.output<typeof stackOptionFields>, 'timeoutSeconds' | 'batchWindowSeconds'>,
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
