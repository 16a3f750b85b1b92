import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { openDatabase, transact } from '../sqlite.ts';

/**
 * Keys are BLOBs, so that they are compared by their UTF-8 bytes, as S3 orders them. A version's `sequence` is unique and
 * rises with each change; it is the sequencer of the change's event, too.
 *
 * `pieces` are the bytes of versions (`holder` is a sequence) and of unfinished uploads (`holder` is an upload's id). Without
 * `data`, they are in a file that is named by the piece's id.
 *
 * `events` are those that nobody has been told of yet.
 */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS buckets (
  name TEXT PRIMARY KEY,
  created_ms INTEGER NOT NULL,
  settings TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS versions (
  sequence INTEGER PRIMARY KEY,
  bucket TEXT NOT NULL,
  key BLOB NOT NULL,
  version TEXT NOT NULL,
  latest INTEGER NOT NULL,
  marker INTEGER NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  modified_ms INTEGER NOT NULL,
  attributes TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS versions_by_key ON versions (bucket, key, sequence DESC);
CREATE UNIQUE INDEX IF NOT EXISTS latest_versions ON versions (bucket, key) WHERE latest = 1;
CREATE TABLE IF NOT EXISTS uploads (
  id INTEGER PRIMARY KEY,
  upload TEXT NOT NULL UNIQUE,
  bucket TEXT NOT NULL,
  key BLOB NOT NULL,
  started_ms INTEGER NOT NULL,
  attributes TEXT NOT NULL,
  completion TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS uploads_by_key ON uploads (bucket, key, upload);
CREATE TABLE IF NOT EXISTS pieces (
  id TEXT PRIMARY KEY,
  holder INTEGER NOT NULL,
  number INTEGER NOT NULL,
  size INTEGER NOT NULL,
  md5 TEXT NOT NULL,
  checksum TEXT,
  written_ms INTEGER NOT NULL,
  data BLOB
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS pieces_by_holder ON pieces (holder, number);
CREATE TABLE IF NOT EXISTS events (sequence INTEGER PRIMARY KEY, change TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS last_sequence (value INTEGER NOT NULL) STRICT;
`;

/** As many as keep the milliseconds since the epoch, times this, a safe integer. */
const CHANGES_PER_MS = 4096;

/** The metadata of all objects, and the bytes of small ones. */
export class Database {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #now: () => number;
  #lastSequence: number;

  /** @param options.now in milliseconds since the epoch. */
  constructor(directory: string, { now, isTemporary }: { now: () => number; isTemporary: boolean }) {
    this.#database = openDatabase('s3.sqlite', directory, { isTemporary });
    this.#database.exec(SCHEMA);
    this.#now = now;
    const last = this.get<{ value: number }>('SELECT value FROM last_sequence');
    if (!last) this.run('INSERT INTO last_sequence VALUES (0)');
    this.#lastSequence = last?.value ?? 0;
  }

  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepare(sql).get(...values) as Row | undefined;
  }

  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepare(sql).all(...values) as Row[];
  }

  /** @returns how many rows were changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /** Runs `work` in one transaction: all of it happens or, if it throws, none. */
  transact<T>(work: () => T): T {
    return transact(this.#database, work);
  }

  /**
   * A number that is higher than any that was given before, also by an earlier process and also if the clock was ahead then.
   * Part of the transaction that uses it.
   */
  nextSequence(): number {
    this.#lastSequence = Math.max(this.#lastSequence + 1, this.#now() * CHANGES_PER_MS);
    this.run('UPDATE last_sequence SET value = ?', this.#lastSequence);
    return this.#lastSequence;
  }

  close(): void {
    this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
