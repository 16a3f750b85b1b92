import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * One row a queue, one row a message. `visible_ms` is when a message can be received (again). `receive_count` counts all
 * receives, `receives_here` those since the message came into its queue: the redrive policy looks at the latter.
 */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS queues (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  attributes TEXT NOT NULL,
  tags TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  modified_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS messages (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  queue INTEGER NOT NULL REFERENCES queues ON DELETE CASCADE,
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  attributes TEXT,
  system_attributes TEXT,
  sent_ms INTEGER NOT NULL,
  visible_ms INTEGER NOT NULL,
  first_received_ms INTEGER,
  receive_count INTEGER NOT NULL DEFAULT 0,
  receives_here INTEGER NOT NULL DEFAULT 0,
  receipt TEXT,
  source_arn TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS messages_by_visibility ON messages (queue, visible_ms);
CREATE INDEX IF NOT EXISTS messages_by_age ON messages (queue, sent_ms);
CREATE TABLE IF NOT EXISTS move_tasks (
  handle TEXT PRIMARY KEY,
  source_arn TEXT NOT NULL,
  destination_arn TEXT,
  per_second INTEGER,
  status TEXT NOT NULL,
  moved INTEGER NOT NULL DEFAULT 0,
  to_move INTEGER NOT NULL,
  failure TEXT,
  started_ms INTEGER NOT NULL
) STRICT;
`;

/**
 * Opens the database of a data directory, or one in memory. What is committed outlives a killed process; a power cut may
 * take the last commits, since they aren't synced one by one: https://sqlite.org/pragma.html#pragma_synchronous.
 */
export function openDatabase(dataDirectory?: string): DatabaseSync {
  const database = new DatabaseSync(dataDirectory === undefined ? ':memory:' : path.join(dataDirectory, 'sqs.sqlite'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  database.exec(SCHEMA);
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
