/** How a queue's event source, its messages and the table are bounded. */
export interface Limits {
  eventSource: {
    /** Batches at once when messages begin to come. */
    initialBatches: number;
    /** By which their number grows while messages wait. */
    moreBatchesPerMinute: number;
    /** The most batches at once. */
    maxBatches: number;
  };
  /** Received and not deleted. */
  maxMessagesInFlight: number;
  /** Absent: the table takes whatever comes. */
  table?: {
    /** That a new table on demand takes at once, a second. */
    initialWriteUnits: number;
    /** That no table exceeds unless the account's quota is raised, a second. */
    maxWriteUnits: number;
    /** In which its peak may double. */
    doublingMs: number;
    /** That one partition key takes, a second. */
    keyWriteUnits: number;
  };
}

/**
 * What AWS documents, read in November 2026:
 * - event source: Lambda Developer Guide, "Configuring scaling behavior for SQS event source mappings"
 *   https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 * - messages in flight: SQS Developer Guide, "Amazon SQS standard queue quotas"
 *   https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
 * - table: DynamoDB Developer Guide, "Pre-warming a table for on-demand capacity mode" (4,000 writes, twice the previous peak in
 *   30 minutes) https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html, "Quotas" (40,000),
 *   "Best practices for designing and using partition keys" (1,000 a key)
 */
export const AWS_LIMITS: Limits = {
  eventSource: { initialBatches: 5, moreBatchesPerMinute: 300, maxBatches: 1000 },
  maxMessagesInFlight: 120_000,
  table: { initialWriteUnits: 4000, maxWriteUnits: 40_000, doublingMs: 30 * 60_000, keyWriteUnits: 1000 },
};

/** The limits of `tagmill up`: all batches run from the beginning, and the table never throttles. */
export const LOCAL_LIMITS: Limits = {
  eventSource: { initialBatches: 1000, moreBatchesPerMinute: 0, maxBatches: 1000 },
  maxMessagesInFlight: 120_000,
};

/** Partition keys that the index by outcome spreads an outcome over: docs/decisions/08-table.md. */
export const OUTCOME_SHARDS = 4;
