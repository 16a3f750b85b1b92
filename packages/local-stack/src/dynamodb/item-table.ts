import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { transact } from '../sqlite.ts';
import type { Bound } from './key-conditions.ts';
import { type Index, type Key, type KeySchema, type KeyType, keyInIndex, keyOfItem } from './keys.ts';
import type { Item } from './values.ts';

export interface Stored {
  item: Item;
  sizeBytes: number;
}

export interface ReadRange {
  /** By its number; the table itself if absent. */
  index?: number | undefined;
  /** All if absent. */
  partition?: Uint8Array | undefined;
  from?: Bound | undefined;
  to?: Bound | undefined;
  /** Only those of these partitions, by the beginning of their keys; `to` is beyond them. */
  partitions?: { from: Uint8Array; to?: Uint8Array } | undefined;
  /** Where the page before ended: a key in the index, if there is one, and in the table. */
  after?: { table: Key; index?: Key | undefined } | undefined;
  forward: boolean;
}

interface Description {
  id: number;
  schema: KeySchema;
  types: Readonly<Record<string, KeyType>>;
  indexes: readonly Index[];
}

type Parameter = Uint8Array | string | number;

/** The rows of one DynamoDB table: the items by their key, and for each index the keys of those that are in it. */
export class ItemTable {
  readonly #database: DatabaseSync;
  readonly #description: Description;
  readonly #items: string;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, description: Description) {
    this.#database = database;
    this.#description = description;
    this.#items = `items_${description.id}`;
    database.exec(`CREATE TABLE IF NOT EXISTS ${this.#items} (
      pk BLOB NOT NULL, sk BLOB NOT NULL, item TEXT NOT NULL, size_bytes INTEGER NOT NULL, PRIMARY KEY (pk, sk)
    ) WITHOUT ROWID, STRICT`);
    for (const number of description.indexes.keys()) {
      database.exec(`CREATE TABLE IF NOT EXISTS ${this.#index(number)} (
        ipk BLOB NOT NULL, isk BLOB NOT NULL, pk BLOB NOT NULL, sk BLOB NOT NULL, PRIMARY KEY (ipk, isk, pk, sk)
      ) WITHOUT ROWID, STRICT`);
    }
  }

  get({ partition, sort }: Key): Stored | undefined {
    const row = this.#prepare(`SELECT item, size_bytes FROM ${this.#items} WHERE pk = ? AND sk = ?`).get(
      partition,
      sort,
    );
    return row && storedOf(row as unknown as ItemRow);
  }

  /** Puts an item in place of the old one, if there is one. */
  put(key: Key, item: Item, sizeBytes: number, old?: Item): void {
    const { partition, sort } = key;
    this.#moveEntries(key, old, item);
    this.#prepare(
      `INSERT INTO ${this.#items} (pk, sk, item, size_bytes) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET item = excluded.item, size_bytes = excluded.size_bytes`,
    ).run(partition, sort, JSON.stringify(item), sizeBytes);
  }

  delete(key: Key, old: Item): void {
    this.#moveEntries(key, old, undefined);
    this.#prepare(`DELETE FROM ${this.#items} WHERE pk = ? AND sk = ?`).run(key.partition, key.sort);
  }

  /** Rows in their order, each read as it is asked for. */
  *read(range: ReadRange): Generator<Stored> {
    const { sql, parameters } = range.index === undefined ? this.#tableQuery(range) : this.#indexQuery(range);
    for (const row of this.#prepare(sql).iterate(...parameters)) yield storedOf(row as unknown as ItemRow);
  }

  /** Items whose attribute holds a number of at most that, a few of them. */
  olderThan(attribute: string, seconds: number, limit: number): Item[] {
    const path = `$.${JSON.stringify(attribute)}.N`;
    const sql = `SELECT item, size_bytes FROM ${this.#items} WHERE CAST(json_extract(item, ?) AS REAL) <= ? LIMIT ?`;
    return this.#prepare(sql)
      .all(path, seconds, limit)
      .map((row) => storedOf(row as unknown as ItemRow).item);
  }

  measure(): { count: number; sizeBytes: number } {
    const sql = `SELECT count(*) AS count, coalesce(sum(size_bytes), 0) AS sizeBytes FROM ${this.#items}`;
    return this.#prepare(sql).get() as unknown as { count: number; sizeBytes: number };
  }

  countIndex(number: number): number {
    const row = this.#prepare(`SELECT count(*) AS count FROM ${this.#index(number)}`).get();
    return (row as unknown as { count: number }).count;
  }

  drop(): void {
    this.dropIndexes();
    this.#database.exec(`DROP TABLE ${this.#items}`);
  }

  dropIndexes(): void {
    for (const number of this.#description.indexes.keys()) this.#database.exec(`DROP TABLE ${this.#index(number)}`);
  }

  /** Enters all items into indexes that are empty. */
  fillIndexes(): void {
    const { schema, types } = this.#description;
    transact(this.#database, () => {
      for (const { item } of [...this.read({ forward: true })]) {
        this.#moveEntries(keyOfItem(schema, types, item), undefined, item);
      }
    });
  }

  #moveEntries(key: Key, old: Item | undefined, item: Item | undefined): void {
    const { indexes, types } = this.#description;
    for (const [number, { name, schema }] of indexes.entries()) {
      const [before, after] = [old, item].map((each) => each && keyInIndex(schema, types, each, name));
      if (before && after && isSame(before, after)) continue;
      const run = (sql: string, entry: Key) =>
        this.#prepare(sql).run(entry.partition, entry.sort, key.partition, key.sort);
      if (before) run(`DELETE FROM ${this.#index(number)} WHERE ipk = ? AND isk = ? AND pk = ? AND sk = ?`, before);
      if (after) run(`INSERT INTO ${this.#index(number)} (ipk, isk, pk, sk) VALUES (?, ?, ?, ?)`, after);
    }
  }

  #tableQuery({ after, forward, ...range }: ReadRange): { sql: string; parameters: Parameter[] } {
    const { partition } = range;
    const [beyond, order] = forward ? ['>', 'ASC'] : ['<', 'DESC'];
    const conditions = rangeConditions('pk', 'sk', range);
    if (after && partition) conditions.push([`sk ${beyond} ?`, after.table.sort]);
    else if (after) conditions.push([`(pk, sk) ${beyond} (?, ?)`, after.table.partition, after.table.sort]);
    return {
      sql: `SELECT item, size_bytes FROM ${this.#items} ${where(conditions)} ORDER BY pk ${order}, sk ${order}`,
      parameters: conditions.flatMap(([, ...parameters]) => parameters),
    };
  }

  #indexQuery({ index, after, forward, ...range }: ReadRange): { sql: string; parameters: Parameter[] } {
    const { partition } = range;
    const [beyond, order] = forward ? ['>', 'ASC'] : ['<', 'DESC'];
    const conditions = rangeConditions('i.ipk', 'i.isk', range);
    if (after) {
      const { table, index: entry } = after;
      const columns = partition ? 'i.isk, i.pk, i.sk' : 'i.ipk, i.isk, i.pk, i.sk';
      const key = [...(partition ? [] : [entry!.partition]), entry!.sort, table.partition, table.sort];
      conditions.push([`(${columns}) ${beyond} (${key.map(() => '?').join(', ')})`, ...key]);
    }
    const by = ['ipk', 'isk', 'pk', 'sk'].map((column) => `i.${column} ${order}`).join(', ');
    return {
      // CROSS JOIN: the index is read first, in its order.
      sql: `SELECT t.item, t.size_bytes FROM ${this.#index(index!)} AS i
        CROSS JOIN ${this.#items} AS t ON t.pk = i.pk AND t.sk = i.sk ${where(conditions)} ORDER BY ${by}`,
      parameters: conditions.flatMap(([, ...parameters]) => parameters),
    };
  }

  #index(number: number): string {
    return `index_${this.#description.id}_${number}`;
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

interface ItemRow {
  item: string;
  size_bytes: number;
}

type SqlCondition = [sql: string, ...parameters: Uint8Array[]];

function rangeConditions(
  partitionColumn: string,
  sortColumn: string,
  { partition, partitions, from, to }: Pick<ReadRange, 'partition' | 'partitions' | 'from' | 'to'>,
): SqlCondition[] {
  const conditions: SqlCondition[] = [];
  if (partitions) conditions.push([`${partitionColumn} >= ?`, partitions.from]);
  if (partitions?.to) conditions.push([`${partitionColumn} < ?`, partitions.to]);
  if (partition) conditions.push([`${partitionColumn} = ?`, partition]);
  if (from) conditions.push([`${sortColumn} ${from.isIncluded ? '>=' : '>'} ?`, from.bytes]);
  if (to) conditions.push([`${sortColumn} ${to.isIncluded ? '<=' : '<'} ?`, to.bytes]);
  return conditions;
}

function where(conditions: readonly SqlCondition[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`;
}

function storedOf({ item, size_bytes }: ItemRow): Stored {
  return { item: JSON.parse(item), sizeBytes: size_bytes };
}

function isSame(a: Key, b: Key): boolean {
  return Buffer.compare(a.partition, b.partition) === 0 && Buffer.compare(a.sort, b.sort) === 0;
}
