import { type ObjectName } from './keys.ts';
import type { ImageState, UnreadableItem } from './types.ts';
/** Less than any that is written: of an item whose own can't be read. */
export declare const NO_REVISION = 0;
/** As the store wrote it. */
type StoredItem = Record<string, any>;
/** Of an image that the table has nothing about. */
export declare function makeAbsentState(name: ObjectName): ImageState;
/** What an image's item says. It never throws: what can't be read is {@link ImageState.status} `unreadable`. */
export declare function readState(name: ObjectName, item: StoredItem): ImageState;
/** The same of an item that has a content, which tells whose it is; or why it tells nothing. */
export declare function readRecordedState(item: StoredItem): ImageState | UnreadableItem;
/**
 * The same state.
 *
 * @throws {TagmillError} `unreadable` if it is.
 */
export declare function assertReadable(state: ImageState): ImageState;
export {};
