import { DatabaseSync } from 'node:sqlite';
/**
 * Opens a database of a data directory, or one in memory. What is committed outlives a killed process; a power cut may
 * take the last commits, since they aren't synced one by one: https://sqlite.org/pragma.html#pragma_synchronous.
 *
 * @param file its name in the directory.
 */
export declare function openDatabase(file: string, dataDirectory?: string): DatabaseSync;
/** Runs `work` in one transaction, or in the one that is already open; all of it happens or, if it throws, none. */
export declare function transact<T>(database: DatabaseSync, work: () => T): T;
