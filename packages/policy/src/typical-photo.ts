import type { Source } from './decode-time.ts';

/** A photo as phones and web pages have it: what is planned for before a header was read, and what plans state their figures for. */
export const TYPICAL_PHOTO: Readonly<Source> = { format: 'jpeg', progressive: false, width: 2048, height: 1536 };
