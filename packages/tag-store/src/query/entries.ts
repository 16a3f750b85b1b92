import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Outcome } from '@tagmill/core';
import type { Facts } from '../expression/matches.ts';
import { parseFacts, type StoredFacts } from '../facts.ts';
import { allShards, outcomePartition, SHARDS, tagPartition } from '../keys.ts';
import { formatRank } from '../postings.ts';
import { countItems, type Meter, queryItems } from '../query-items.ts';
import { TABLE_SCHEMA } from '../table-schema.ts';
import type { TagStoreOptions } from '../types.ts';
import { type AccessPath, earlier, LAST, later, type OutcomeAccessPath } from './access-path.ts';
import { mergeSorted } from './merge.ts';
import type { Stretch } from './zone-map.ts';

/** An image as an access path names it, perhaps out of date. */
export interface Entry {
  id: string;
  /** Orders the entries of an access path. */
  position: string;
  /** Which of the access path's lists it is on: an image may be on several. */
  list: number;
  /** Absent where they can't be read: then the record alone says whether it is an answer. */
  facts?: Facts;
}

export interface ReadEntriesOptions {
  table: TagStoreOptions;
  meter: Meter;
  /** The position to go on after. */
  after?: string | undefined;
  /** About how many entries will be wanted. */
  wanted: number;
  /** The parts of a range of the index that are read, in its order; all of it if absent. */
  narrow?: ((partition: string, stretch: Stretch) => Stretch[]) | undefined;
}

/** An access path's entries in its order, read only as far as they are consumed. All its ranges are asked at once. */
export async function* readEntries(path: AccessPath, options: ReadEntriesOptions): AsyncGenerator<Entry> {
  const { table, meter, after, wanted, narrow } = options;
  const isForward = path.by === 'tags';
  const ranges = rangesOf(path)
    .map(({ from, to, ...range }) => ({
      ...range,
      from: isForward && after !== undefined ? later(from, after) : from,
      to: isForward || after === undefined ? to : earlier(to, after),
    }))
    .filter(({ from, to }) => from <= to);
  const Limit = readAtFirst(wanted, path.by, ranges.length);
  const sources = ranges.map((range) => {
    const parts = narrow ? narrow(range.partition, range).map((part) => ({ ...range, ...part })) : [range];
    return inTurn(parts.map((part) => () => readRange(path, part, { ...table, Limit }, meter)));
  });
  const ascending = (a: Entry, b: Entry) => compareText(a.position, b.position) || a.list - b.list;
  for await (const entry of mergeSorted(sources, isForward ? ascending : (a, b) => ascending(b, a))) {
    if (entry.position !== after) yield entry;
  }
}

/** One after the other, each opened when the one before has ended. */
async function* inTurn(sources: readonly (() => AsyncIterable<Entry>)[]): AsyncGenerator<Entry> {
  for (const open of sources) yield* open();
}

/**
 * How many entries of each range are read at first, so that few need a second request, which costs as much as a hundred entries.
 * Shards are alike: of the first entries, each has its share, and three standard deviations more at most. Lists aren't: up to
 * three times its share may come from one.
 */
function readAtFirst(wanted: number, by: AccessPath['by'], ranges: number): number {
  if (ranges === 1) return wanted + 1;
  const share = wanted / Math.max(by === 'tags' ? 1 : SHARDS, ranges / 3);
  return Math.ceil(share + 3 * Math.sqrt(share)) + 1;
}

/** Most entries of a range that are counted. */
const COUNTED = 100;

/** Most lists of tags that are counted. */
const COUNTED_LISTS = 2;

/** About how many entries an access path has, up to a bound: some of its ranges are counted, and stand for the others. */
export async function measureAccessPath(
  path: AccessPath,
  { table, meter }: Pick<ReadEntriesOptions, 'table' | 'meter'>,
): Promise<number> {
  const ranges = rangesOf(path).filter(({ from, to }) => from <= to);
  const samples = path.by === 'tags' ? Math.min(COUNTED_LISTS, ranges.length) : ranges.length / SHARDS;
  const counted = Array.from({ length: samples }, (_, i) => ranges[Math.floor(((i + 0.5) * ranges.length) / samples)]!);
  const counts = await Promise.all(
    counted.map((range) => countItems(table, { ...queryOf(path, range), Limit: COUNTED }, meter)),
  );
  return counts.reduce((a, b) => a + b, 0) * (ranges.length / Math.max(1, counted.length));
}

interface Range {
  list: number;
  partition: string;
  /** Sort keys, both included. */
  from: string;
  to: string;
}

/** The partitions of the index that an access path reads. */
export function partitionsOf(path: OutcomeAccessPath): string[] {
  return rangesOf(path).map(({ partition }) => partition);
}

function rangesOf(path: AccessPath): Range[] {
  if (path.by === 'tags') {
    return path.lists.map(({ tag, confidences }, list) => ({
      list,
      partition: tagPartition(tag),
      from: `${formatRank(confidences.to)}#`,
      to: `${formatRank(confidences.from)}#${LAST}`,
    }));
  }
  const { outcomes, from, to } = path;
  return outcomes.flatMap((outcome, list) =>
    allShards().map((shard) => ({ list, partition: outcomePartition(outcome, shard), from, to })),
  );
}

type Query = Omit<QueryCommandInput, 'TableName'>;

function queryOf({ by }: Pick<AccessPath, 'by'>, { partition, from, to }: Range): Query {
  const ExpressionAttributeValues = { ':pk': partition, ':from': from, ':to': to };
  if (by === 'tags') {
    return {
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      FilterExpression: 'attribute_not_exists(dead)',
      ExpressionAttributeValues,
    };
  }
  return {
    IndexName: TABLE_SCHEMA.indexes[0].name,
    KeyConditionExpression: 'outcomePk = :pk AND outcomeSk BETWEEN :from AND :to',
    ExpressionAttributeValues,
    ScanIndexForward: false,
  };
}

type StoredEntry = { sk?: string; outcomeSk?: string; facts?: StoredFacts };

async function* readRange(
  { by }: AccessPath,
  range: Range,
  { Limit, ...table }: TagStoreOptions & { Limit: number },
  meter: Meter,
): AsyncGenerator<Entry> {
  const sortKey = by === 'tags' ? 'sk' : 'outcomeSk';
  const query = { ...queryOf({ by }, range), ProjectionExpression: `${sortKey}, facts`, Limit };
  for await (const item of queryItems<StoredEntry>(table, query, meter)) {
    const position = item[sortKey]!;
    const said = by === 'tags' ? {} : saidByKeys(range.partition, position);
    yield { list: range.list, position, id: idOf(position), ...readableFacts(item.facts, said) };
  }
}

function readableFacts(stored: StoredFacts | undefined, said: Parameters<typeof parseFacts>[1]): Pick<Entry, 'facts'> {
  try {
    return { facts: parseFacts(stored!, said) };
  } catch {
    return {};
  }
}

/** Partitions of the index are `outcome#shard`. */
function saidByKeys(partition: string, position: string): Pick<Facts, 'outcome' | 'taggedAt'> {
  return { outcome: partition.split('#')[0] as Outcome, taggedAt: position.slice(0, position.lastIndexOf('#')) };
}

/** Positions are `rank#id` and `taggedAt#id`. */
function idOf(position: string): string {
  return position.slice(position.lastIndexOf('#') + 1);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
