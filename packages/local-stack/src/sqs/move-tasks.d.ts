import type { DatabaseSync } from 'node:sqlite';
import type { Messages } from './messages.ts';
import type { Queues } from './queues.ts';
export interface MoveTask {
    handle: string;
    source_arn: string;
    destination_arn: string | null;
    /** As fast as it goes if null. */
    per_second: number | null;
    status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
    moved: number;
    to_move: number;
    failure: string | null;
    started_ms: number;
}
/** Moves the messages of dead-letter queues back, each task in the background; one that was cut short goes on. */
export declare class MoveTasks {
    #private;
    constructor(database: DatabaseSync, messages: Messages, queues: Queues, now: () => number);
    /** @throws {SqsError} if the source is no dead-letter queue, a queue isn't there, or a task is under way. */
    start(sourceArn: string, destinationArn?: string, perSecond?: number): string;
    /** The latest first. */
    list(sourceArn: string, count: number): MoveTask[];
    /**
     * @returns how many messages it has moved.
     * @throws {SqsError} `ResourceNotFoundException` if there is none, or it has ended.
     */
    cancel(handle: string): number;
    close(): Promise<void>;
}
