import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
export interface DynamoDbOptions {
    /** 0 for any. */
    port: number;
    /** Where the items are kept; in memory if there is none. */
    dataDirectory?: string;
    throttle?: DynamoDbThrottle;
    /** Told of faults of this program's own. */
    log?: (line: string) => void;
}
/**
 * Whether to put off a request.
 *
 * @param operation such as `PutItem`.
 */
export type DynamoDbThrottle = (operation: string) => boolean;
export interface TimeToLive {
    table: string;
    /** Holds seconds since the epoch. */
    attribute: string;
}
export interface DynamoDb {
    endpoint: string;
    /** Makes a table, or gives the one that was kept the indexes of this description. */
    ensureTable(input: CreateTableCommandInput): Promise<void>;
    /** Removes the items whose time to live has passed, as DynamoDB does in its own time; stops when it is told to. */
    sweep(timeToLive: TimeToLive, now: Date, signal?: AbortSignal): Promise<void>;
    close(): Promise<void>;
}
/**
 * Starts DynamoDB on the loopback interface.
 *
 * @throws {LocalStackError} `conflict` if the data directory holds tables of an earlier version, which were kept in another form.
 */
export declare function startDynamoDb({ port, dataDirectory, throttle, log, }: DynamoDbOptions): Promise<DynamoDb>;
