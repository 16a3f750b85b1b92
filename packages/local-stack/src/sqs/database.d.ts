import type { DatabaseSync } from 'node:sqlite';
/** Opens the database of a data directory, or one in memory. */
export declare function openQueues(dataDirectory?: string): DatabaseSync;
