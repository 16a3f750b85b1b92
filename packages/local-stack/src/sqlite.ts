import path from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

/**
 * Opens a database of a data directory, or one in memory. What is committed outlives a killed process; a power cut may
 * take the last commits, since they aren't synced one by one: https://sqlite.org/pragma.html#pragma_synchronous.
 *
 * @param file its name in the directory.
 * @param options.isTemporary nobody wants it after this process: it needn't survive a power cut, and nothing is synced.
 */
export function openDatabase(
  file: string,
  dataDirectory?: string,
  { isTemporary = false }: { isTemporary?: boolean } = {},
): DatabaseSync {
  const database = new DatabaseSync(dataDirectory === undefined ? ':memory:' : path.join(dataDirectory, file));
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${isTemporary ? 'OFF' : 'NORMAL'}`);
  return database;
}

/** Compiled once: there is a transaction in every request. */
const STATEMENTS = new WeakMap<DatabaseSync, { begin: StatementSync; commit: StatementSync }>();

function statementsOf(database: DatabaseSync) {
  const known = STATEMENTS.get(database);
  if (known) return known;
  const made = { begin: database.prepare('BEGIN'), commit: database.prepare('COMMIT') };
  STATEMENTS.set(database, made);
  return made;
}

/** Runs `work` in one transaction, or in the one that is already open; all of it happens or, if it throws, none. */
export function transact<T>(database: DatabaseSync, work: () => T): T {
  if (database.isTransaction) return work();
  const { begin, commit } = statementsOf(database);
  begin.run();
  try {
    const result = work();
    commit.run();
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
