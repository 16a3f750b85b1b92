import type { Attributes } from './attributes.ts';
export interface SqsOptions {
    /** 0 for any. */
    port: number;
    /** Where messages are kept; in memory if there is none. */
    dataDirectory?: string;
    /** Milliseconds since the epoch. */
    now?: () => number;
    /** Told of faults of this program's own. */
    log?: (line: string) => void;
}
export interface Sqs {
    endpoint: string;
    /**
     * Makes a queue, or gives one that was kept these attributes.
     *
     * @returns its URL.
     */
    ensureQueue(name: string, attributes: Attributes): string;
    /** Takes a message as a service of AWS would send it: without an attribute, and kept when this returns. */
    sendMessage(queueArn: string, body: string): void;
    hasQueue(queueArn: string): boolean;
    close(): Promise<void>;
}
/**
 * Starts SQS on the loopback interface: standard queues, in the JSON protocol and the older query protocol.
 *
 * @example
 * const sqs = await startSqs({ port: 0 });
 * const client = new SQSClient({ endpoint: sqs.endpoint, … });
 */
export declare function startSqs({ port, dataDirectory, now, log, }: SqsOptions): Promise<Sqs>;
