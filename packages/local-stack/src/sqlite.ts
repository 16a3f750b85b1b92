import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Opens a database of a data directory, or one in memory. What is committed outlives a killed process; a power cut may
 * take the last commits, since they aren't synced one by one: https://sqlite.org/pragma.html#pragma_synchronous.
 *
 * @param file its name in the directory.
 */
export function openDatabase(file: string, dataDirectory?: string): DatabaseSync {
  const database = new DatabaseSync(dataDirectory === undefined ? ':memory:' : path.join(dataDirectory, file));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  return database;
}

/** Runs `work` in one transaction, or in the one that is already open; all of it happens or, if it throws, none. */
export function transact<T>(database: DatabaseSync, work: () => T): T {
  if (database.isTransaction) return work();
  database.exec('BEGIN');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
