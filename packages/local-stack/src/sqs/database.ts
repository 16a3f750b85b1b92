import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../sqlite.ts';

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

/** Opens the database of a data directory, or one in memory. */
export function openQueues(dataDirectory?: string): DatabaseSync {
  const database = openDatabase('sqs.sqlite', dataDirectory);
  database.exec(SCHEMA);
  return database;
}
