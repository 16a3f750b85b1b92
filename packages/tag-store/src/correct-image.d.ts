import { type ImageRecord } from '@tagmill/core';
import { type Correction } from './corrections.ts';
import type { ObjectName } from './keys.ts';
import type { TagStore } from './tag-store.ts';
import type { ImageState } from './types.ts';
export interface CorrectImageOptions {
    store: Pick<TagStore, 'read' | 'write'>;
    now: () => Date;
    /**
     * Has someone look at the image a while later, so that what a crash leaves unfinished is finished: a write must never be
     * left alone (docs/decisions/06-exactly-once.md).
     */
    announce: (image: ImageState) => Promise<void>;
    /** Version of the rules that the correction's words are named by; none if there are no rules. */
    rules: string | undefined;
    /** Before it is tried again, and twice as long each time. */
    pauseMs?: number;
}
/**
 * Corrects an image's tags. It doesn't look at the object: what is corrected is what the table shows.
 *
 * @returns its record, corrected.
 * @throws {TagmillError} `not-found` if it has no record; `unreadable` if that can't be read; `invalid-argument` if it has no tags to correct, being rejected or
 * failed, or the correction makes no sense; `conflict` if it is written by others again and again.
 */
export declare function correctImage(name: ObjectName, correction: Correction, options: CorrectImageOptions): Promise<ImageRecord>;
/** The record as the model has it. */
export declare function removeCorrections({ removed: _, ...record }: ImageRecord, own: ImageState['own']): ImageRecord;
