/**
 * Options of the stack that change what is in its template, each by a name. Between them every option that does is used.
 */
export const OPTION_SETS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  defaults: {},
  tuned: {
    architecture: 'arm64',
    variant: 'everyday/0.5-96',
    queueTargetAgeSeconds: 60,
    latencyBudgetMs: 250,
    topN: 3,
    minConfidence: 'sure',
    maxBytes: 10_000_000,
    maxPixels: 50_000_000,
    memoryMb: 3008,
    timeoutSeconds: 120,
    visibilityTimeoutSeconds: 900,
    maxReceiveCount: 5,
    batchSize: 25,
    batchWindowSeconds: 3,
    maxConcurrency: 50,
    backfillMaxConcurrency: 10,
    reconcileEveryHours: 1,
    reconcileGraceHours: 2,
  },
  filtered: { prefix: "it's año=2026 (+)/", suffix: ' (1).jpg', inventoryBucketName: 'inventories' },
  'budget rules': {
    budgetRules: Array.from({ length: 120 }, (_, i) => ({ prefix: `customers/${i}/urgent/`, latencyMs: 50 + i })),
  },
  'to be destroyed': { removalPolicy: 'destroy', alarmTopicArn: 'arn:aws:sns:us-east-1:123456789012:alarms' },
  'chosen names': {
    uploadBucketName: 'photos-{account}-{region}',
    tableName: 'photos-{region}',
    // Not among what an existing stack is updated to: moto loses a log group whose retention changes.
    logRetentionDays: 365,
  },
  'an existing bucket': {
    existingBucketName: 'family-photos',
    existingBucketKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    prefix: 'in/',
  },
  'another stack': { stackName: 'Tagmill-2' },
};
