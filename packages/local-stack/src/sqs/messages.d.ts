import type { DatabaseSync } from 'node:sqlite';
import { Arrivals } from './arrivals.ts';
import type { MessageAttributes } from './message-attributes.ts';
import type { Queue, Queues } from './queues.ts';
export interface NewMessage {
    body: string;
    attributes?: MessageAttributes | undefined;
    /** Such as AWSTraceHeader. */
    systemAttributes?: Readonly<Record<string, string>> | undefined;
    /** The queue's own delay if absent. */
    delaySeconds?: number | undefined;
}
export interface ReceivedMessage {
    id: string;
    receiptHandle: string;
    body: string;
    attributes: MessageAttributes;
    systemAttributes: Readonly<Record<string, string>>;
    sentMs: number;
    firstReceivedMs: number;
    /** This receive included. */
    receiveCount: number;
    /** The queue that it came from, of a dead letter. */
    sourceArn: string | undefined;
}
export interface MessageCounts {
    visible: number;
    inFlight: number;
    delayed: number;
}
export interface MessagesOptions {
    database: DatabaseSync;
    queues: Queues;
    /** Milliseconds since the epoch. */
    now: () => number;
}
/** The messages of all queues. */
export declare class Messages {
    #private;
    readonly arrivals: Arrivals;
    constructor({ database, queues, now }: MessagesOptions);
    /** @returns the message's id. */
    send(queue: Queue, message: NewMessage): string;
    /**
     * Takes up to `count` messages that are visible now and hides them. Those that were received too often go to the
     * dead-letter queue first.
     */
    receive(queue: Queue, count: number, visibilitySeconds: number): ReceivedMessage[];
    /**
     * Like {@link receive}, and waits for the first message as long as that.
     *
     * @throws {SqsError} `QueueDoesNotExist` if the queue is deleted meanwhile.
     */
    await(queue: Queue, { count, visibilitySeconds, waitMs }: {
        count: number;
        visibilitySeconds: number;
        waitMs: number;
    }, signal: AbortSignal): Promise<ReceivedMessage[]>;
    /** A handle that isn't the message's last one deletes nothing, and that is no error. */
    delete(queue: Queue, handle: string): void;
    /** @throws {SqsError} if the message is gone, or visible, or would be hidden for more than twelve hours in all. */
    changeVisibility(queue: Queue, handle: string, seconds: number): void;
    count(queue: Queue): MessageCounts;
    purge(queue: Queue): void;
    /**
     * Moves the oldest visible messages of a dead-letter queue. They begin anew: id, age and receives.
     *
     * @param destination says where a message goes, by the queue that it came from.
     * @returns how many were moved.
     */
    move(queue: Queue, count: number, destination: (sourceArn: string | undefined) => Queue): number;
}
