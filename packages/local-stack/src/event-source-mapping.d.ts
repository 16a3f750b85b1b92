import { type SQSClient } from '@aws-sdk/client-sqs';
import type { FunctionPool } from './function-pool.ts';
export interface EventSourceMappingOptions {
    sqs: SQSClient;
    queueUrl: string;
    queueArn: string;
    pool: FunctionPool;
    /** Batches in flight. */
    concurrency: number;
    batchSize: number;
    batchWindowMs: number;
    /** Whether the function names the messages that failed; else a batch succeeds or fails whole. */
    reportBatchItemFailures: boolean;
    log: (line: string) => void;
}
/**
 * Feeds a queue's messages to a function, as Lambda does: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html.
 * Messages that succeeded are deleted; the others stay invisible until their timeout passes, then come again.
 */
export declare class EventSourceMapping {
    #private;
    constructor(options: EventSourceMappingOptions);
    /** Takes no more messages; those in flight come again another time. */
    close(): Promise<void>;
}
