import type { ImageState, TagStoreOptions } from './types.ts';
/**
 * Which images are not found as their records say: a posting is missing, or is an older write's, or an old one may be alive.
 * Only those that are `written` are looked at, half a read unit a posting.
 *
 * @throws {TagmillError} of DynamoDB.
 */
export declare function findUnindexed(options: TagStoreOptions, states: readonly ImageState[]): Promise<Set<ImageState>>;
