/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
import { type Index, keyInIndex, namesOf } from './keys.ts';
import type { Table } from './tables.ts';
import { type Item, measureItem } from './values.ts';

export type CapacityMode = 'NONE' | 'TOTAL' | 'INDEXES';

/** Units of one table, its indexes apart. */
export interface Usage {
  table: number;
  indexes: Record<string, number>;
}

const READ_UNIT_BYTES = 4096;
const WRITE_UNIT_BYTES = 1024;

export function readUnits(sizeBytes: number, isConsistent: boolean): number {
  return Math.ceil(Math.max(1, sizeBytes) / READ_UNIT_BYTES) * (isConsistent ? 1 : 0.5);
}

/** Of a write that put `item` in place of `old`; either may be absent. */
export function writeUsage(table: Table, old: Item | undefined, item: Item | undefined): Usage {
  const sizes = [old, item].map((each) => (each ? measureItem(each) : 0));
  const indexes = table.indexes.map((index) => [index.name, indexUnits(table, index, old, item)] as const);
  return {
    table: units(Math.max(...sizes)),
    indexes: Object.fromEntries(indexes.filter(([, count]) => count > 0)),
  };
}

/** An entry that stays as it is costs nothing, one that moves is taken out and put in. */
function indexUnits(table: Table, index: Index, old: Item | undefined, item: Item | undefined): number {
  const [before, after] = [old, item].map((each) => {
    const isEntry = each && keyInIndex(index.schema, table.types, each, index.name);
    return isEntry ? entryOf(table, index, each) : undefined;
  });
  const size = (entry: Item | undefined) => (entry ? units(measureItem(entry)) : 0);
  if (!before || !after) return size(before) + size(after);
  const names = namesOf(index.schema);
  const moves = names.some((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  if (moves) return size(before) + size(after);
  return JSON.stringify(before) === JSON.stringify(after) ? 0 : Math.max(size(before), size(after));
}

/** What an index holds of an item. */
export function entryOf({ schema }: Pick<Table, 'schema'>, { schema: own, included }: Index, item: Item): Item {
  if (!included) return item;
  const names = new Set([...namesOf(schema), ...namesOf(own), ...included]);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}

/** What an answer says of it, if that was asked. */
export function describeUsage(mode: CapacityMode, TableName: string, { table, indexes }: Usage): object | undefined {
  if (mode === 'NONE') return undefined;
  const entries = Object.entries(indexes);
  const CapacityUnits = entries.reduce((sum, [, count]) => sum + count, table);
  if (mode === 'TOTAL') return { TableName, CapacityUnits };
  return {
    TableName,
    CapacityUnits,
    Table: { CapacityUnits: table },
    ...(entries.length > 0 && {
      GlobalSecondaryIndexes: Object.fromEntries(entries.map(([name, count]) => [name, { CapacityUnits: count }])),
    }),
  };
}

export function addUsage(a: Usage | undefined, b: Usage): Usage {
  if (!a) return b;
  const indexes = { ...a.indexes };
  for (const [name, count] of Object.entries(b.indexes)) indexes[name] = (indexes[name] ?? 0) + count;
  return { table: a.table + b.table, indexes };
}

function units(sizeBytes: number): number {
  return Math.ceil(Math.max(1, sizeBytes) / WRITE_UNIT_BYTES);
}
