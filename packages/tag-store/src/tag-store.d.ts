import type { ImageRecord, ImageScores } from '@tagmill/core';
import { type Corrections } from './corrections.ts';
import { type ObjectName } from './keys.ts';
import type { ImageState, TagStoreOptions } from './types.ts';
/**
 * Seconds that a removed image and a dead posting are remembered: longer than any worker can sleep between its first
 * write and its last. A function runs 15 minutes at most.
 */
export declare const TOMBSTONE_SECONDS: number;
export interface WriteOptions {
    /** Of the event that led here. */
    sequencer?: string | undefined;
    /** As the model has it; absent if the object is gone. */
    record?: ImageRecord | undefined;
    scores?: ImageScores | undefined;
    /** Version of the rules that named its tags. */
    rules?: string | undefined;
    /** What people say of it, in place of what there is. */
    corrections?: Corrections | undefined;
    /** When the tagged version was written to S3. */
    lastModified?: Date | undefined;
    /** Now. */
    at: Date;
}
/**
 * Writes of one image: docs/decisions/06-exactly-once.md says why every crash, duplicate and reordering ends in the same table. The
 * caller reads the object from S3 after `read` and before `write`. Each write throws {@link TagmillError} `conflict` if another
 * worker came between: start over from `read`.
 */
export declare class TagStore {
    #private;
    constructor(options: TagStoreOptions);
    /** What the table knows of an image, read consistently. */
    read({ bucket, key }: ObjectName): Promise<ImageState>;
    /** The same of several images, each once, in their order: one request for a hundred. */
    readAll(names: readonly ObjectName[]): Promise<ImageState[]>;
    /**
     * The record of an image, if it has one.
     *
     * @throws {TagmillError} `unreadable` if it can't be read.
     */
    readRecord(name: ObjectName): Promise<ImageRecord | undefined>;
    /**
     * Makes a record, or the image's removal, what readers see; then has the image found by its postings, and by no older ones.
     *
     * @returns the record, with people's corrections.
     */
    write(seen: ImageState, options: WriteOptions): Promise<ImageRecord | undefined>;
    /** Finishes what whoever wrote the image may have left: postings that are missing, and old ones. */
    finish(seen: ImageState, at: Date): Promise<void>;
    /**
     * Notes that a later event found the image as it is recorded. It bumps the revision, so that a worker that saw an older
     * object can no longer write.
     *
     * @param options.rules the version of those that name its tags as they are.
     */
    confirm(seen: ImageState, { sequencer, rules, at }: Pick<WriteOptions, 'sequencer' | 'rules' | 'at'>): Promise<void>;
}
