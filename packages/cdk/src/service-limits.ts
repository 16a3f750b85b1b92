/** AWS's limits that an option of the stack can reach. infra/test/service-limits.test.ts tries each, and one beyond. */

const GUIDE = 'https://docs.aws.amazon.com';

export const SERVICE_LIMITS = {
  /** CloudFormation takes 128 characters, but the longest name of a state machine is the stack's and `-Comparison`. */
  stackNameCharacters: {
    most: 80 - '-Comparison'.length,
    source: `${GUIDE}/step-functions/latest/apireference/API_CreateStateMachine.html`,
  },
  bucketNameCharacters: {
    least: 3,
    most: 63,
    source: `${GUIDE}/AmazonS3/latest/userguide/bucketnamingrules.html`,
  },
  tableNameCharacters: {
    least: 3,
    most: 255,
    source: `${GUIDE}/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html`,
  },
  /** Prefix and suffix together: no key is longer. */
  objectKeyBytes: { most: 1024, source: `${GUIDE}/AmazonS3/latest/userguide/object-keys.html` },
  /** Of a notification's filter, as it is encoded there. */
  filterRuleCharacters: { most: 1024, source: `${GUIDE}/AmazonS3/latest/API/API_FilterRule.html` },
  /** Of an EventBridge rule, unless AWS raised it for the account. */
  eventPatternCharacters: { most: 2048, source: `${GUIDE}/eventbridge/latest/userguide/eb-quota.html` },
  functionMemoryMb: { least: 128, most: 10_240, source: `${GUIDE}/lambda/latest/dg/configuration-memory.html` },
  functionTimeoutSeconds: { least: 1, most: 900, source: `${GUIDE}/lambda/latest/dg/configuration-timeout.html` },
  /** Keys and values of one function, as JSON: so Lambda measures them. */
  functionEnvironmentBytes: { most: 4096, source: `${GUIDE}/lambda/latest/dg/gettingstarted-limits.html` },
  batchSize: { least: 1, most: 10_000, source: `${GUIDE}/lambda/latest/dg/services-sqs-parameters.html` },
  /** A larger batch needs a window of a second. */
  batchSizeWithoutWindow: { most: 10, source: `${GUIDE}/lambda/latest/dg/services-sqs-parameters.html` },
  batchWindowSeconds: { least: 0, most: 300, source: `${GUIDE}/lambda/latest/dg/services-sqs-parameters.html` },
  eventSourceConcurrency: { least: 2, most: 1000, source: `${GUIDE}/lambda/latest/dg/services-sqs-scaling.html` },
  visibilityTimeoutSeconds: {
    least: 0,
    most: 43_200,
    source: `${GUIDE}/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html`,
  },
  maxReceiveCount: {
    least: 1,
    most: 1000,
    source: `${GUIDE}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html`,
  },
  topicNameCharacters: { least: 1, most: 256, source: `${GUIDE}/sns/latest/api/API_CreateTopic.html` },
} as const satisfies Record<string, { least?: number; most: number; source: string }>;

/** How long CloudWatch may keep logs. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Of what a template learns only when it is deployed, the longest. A test compares the region with those that the CDK knows. */
export const LONGEST = { accountId: '123456789012', region: 'us-isof-south-1', urlSuffix: 'amazonaws.com.cn' } as const;
