/**
 * What most contents have in common, so that only what is an image's own takes room. It can't be changed: what was written
 * with it is read with no other. Another one needs another version of the content.
 */
export declare const DICTIONARY_1: Buffer<ArrayBuffer>;
