import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LocalStackError } from './errors.ts';

/** https://sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

/**
 * Keeps a data directory, which is made if it isn't there, to one stack: two would write over each other.
 *
 * @returns what gives it free again; a process that is killed gives it free too, since the lock is SQLite's.
 * @throws {LocalStackError} `conflict` if another stack uses it.
 */
export function lockDataDirectory(directory: string): () => void {
  fs.mkdirSync(directory, { recursive: true });
  const lock = new DatabaseSync(path.join(directory, 'lock.sqlite'));
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    if ((cause as { errcode?: number }).errcode !== SQLITE_BUSY) throw cause;
    throw new LocalStackError('conflict', `Another local stack uses ${directory}`, { cause });
  }
  return () => lock.close();
}
