/** `node scripts/write-reference.ts` writes this file from options.ts: what a construct can be told, for an editor to show. */

export interface PipelineProps {
  /**
   * The functions' processor. `arm64` costs a fifth less a second; ONNX Runtime once aborted there at load
   * (microsoft/onnxruntime #28230). Default: "x86_64".
   */
  architecture?: 'x86_64' | 'arm64' | undefined;
  /** The family whose variants the functions choose from, image by image. Default: "everyday". */
  family?: string | undefined;
  /** One variant for all images. Then the functions choose nothing. */
  variant?: string | undefined;
  /** When messages are older than this, the functions use faster variants until the queue is drained. Default: 300. */
  queueTargetAgeSeconds?: number | undefined;
  /**
   * Latency budget of an image: fetch, decode, infer and store. An image's metadata or a budget rule overrides it.
   * Default: 500.
   */
  latencyBudgetMs?: number | 'none' | undefined;
  /**
   * Latency budgets by key: a list of `{"prefix", "latencyMs"}`. The longest prefix that fits a key decides.
   * Default: [].
   */
  budgetRules?: readonly { prefix: string; latencyMs: number }[] | undefined;
  /** Most tags of an image. Default: 5. */
  topN?: number | undefined;
  /**
   * Which tags an image gets. `default`: those of which four in five are right. `sure`: those of which 95% are. A
   * number: all that are at least so confident. Default: "default".
   */
  minConfidence?: number | 'default' | 'sure' | undefined;
  /** Largest file that is tagged, in bytes. A larger one is rejected as `too-many-bytes`. Default: 67108864. */
  maxBytes?: number | undefined;
  /**
   * Largest image that is tagged, width times height. A larger one is rejected as `too-many-pixels`. Default:
   * 200000000.
   */
  maxPixels?: number | undefined;
  /** Memory of the function that tags. Lambda gives CPU in proportion: 1,769 MB are one vCPU. Default: 1769. */
  memoryMb?: number | undefined;
  /** Longest run of the function that tags one batch. Default: 60. */
  timeoutSeconds?: number | undefined;
  /**
   * How long SQS hides a message that a worker has taken. At least six times `timeoutSeconds` plus
   * `batchWindowSeconds`, which is the default.
   */
  visibilityTimeoutSeconds?: number | undefined;
  /**
   * Tries before a message goes to the dead-letter queue. A message that a worker hands back has spent a try.
   * Default: 10.
   */
  maxReceiveCount?: number | undefined;
  /** Most messages that one invocation takes. Default: 10. */
  batchSize?: number | undefined;
  /** How long SQS waits to fill a batch. A `batchSize` above 10 needs at least 1. Default: 0. */
  batchWindowSeconds?: number | undefined;
  /** Most batches of new images that are tagged at once. Default: 6. */
  maxConcurrency?: number | undefined;
  /** Most batches of a backfill that are tagged at once. Default: 2. */
  backfillMaxConcurrency?: number | undefined;
  /** How often the function `reconcile` compares the bucket with the table. Default: 24. */
  reconcileEveryHours?: number | undefined;
  /**
   * The comparison counts objects and records that are younger than this as in flight and does not judge them.
   * Default: 24.
   */
  reconcileGraceHours?: number | undefined;
  /** Tag only keys that begin so. Case matters. */
  prefix?: string | undefined;
  /** Tag only keys that end so. Case matters. */
  suffix?: string | undefined;
  /**
   * Name of the new bucket. `{account}` and `{region}` are put in. Without it CloudFormation chooses a name. A
   * changed name is another bucket: docs/operations/names.md.
   */
  uploadBucketName?: string | undefined;
  /** Name of the table, in the same way. */
  tableName?: string | undefined;
  /**
   * Bucket that S3 writes an inventory to. With it, `backfill` and `reconcile` can read an inventory instead of
   * listing the bucket.
   */
  inventoryBucketName?: string | undefined;
  /** What becomes of the bucket and the table when the stack is deleted. Default: "retain". */
  removalPolicy?: 'retain' | 'destroy' | undefined;
  /** How long CloudWatch keeps the logs. Default: 30. */
  logRetentionDays?:
    | 1
    | 3
    | 5
    | 7
    | 14
    | 30
    | 60
    | 90
    | 120
    | 150
    | 180
    | 365
    | 400
    | 545
    | 731
    | 1096
    | 1827
    | 2192
    | 2557
    | 2922
    | 3288
    | 3653
    | undefined;
}
