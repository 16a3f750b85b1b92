import type { DatabaseSync } from 'node:sqlite';
import { type Attributes, type QueueSettings } from './attributes.ts';
export interface Queue {
    readonly id: number;
    readonly name: string;
    readonly arn: string;
    attributes: Attributes;
    settings: QueueSettings;
    tags: Readonly<Record<string, string>>;
    readonly createdMs: number;
    modifiedMs: number;
}
/** The queues that there are. They are few and asked for all the time, so they are kept in memory as well. */
export declare class Queues {
    #private;
    constructor(database: DatabaseSync, now: () => number);
    /** In the order of their names. */
    all(): Queue[];
    find(name: string): Queue | undefined;
    findByArn(arn: string): Queue | undefined;
    /** @throws {SqsError} `QueueDoesNotExist`. */
    get(name: string): Queue;
    /** @throws {SqsError} `QueueNameExists` if there is one with other attributes. */
    create(name: string, attributes: Attributes, tags?: Readonly<Record<string, string>>): Queue;
    setAttributes(queue: Queue, changes: Attributes): void;
    setTags(queue: Queue, tags: Readonly<Record<string, string>>): void;
    /** With its messages. */
    remove(queue: Queue): void;
    /** The queues whose dead letters go to this one. */
    sources(queue: Queue): Queue[];
}
export declare function arnOfQueue(name: string): string;
