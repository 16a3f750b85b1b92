import type { Outcome } from '@tagmill/core';
import { OUTCOMES } from './expression/expression.ts';
import { parseFacets, type StoredFacts } from './facts.ts';
import { allShards, outcomePartition, tagKey } from './keys.ts';
import { queryItems } from './query-items.ts';
import { TABLE_SCHEMA } from './table-schema.ts';
import type { TagStoreOptions } from './types.ts';

export interface TagStatistics {
  images: number;
  byOutcome: Record<Outcome, number>;
  /** Images that a variant looked at. */
  byVariant: Record<string, number>;
  /** Of an image's own processing, `timings.totalMs`; absent if no image has any. */
  latencyMs?: { p50: number; p90: number; p99: number; max: number };
  budget: { met: number; missed: number };
}

/**
 * Counts what is in the table, by reading the whole index `by-outcome`: no counter that a redelivery could bump twice.
 * About 410 bytes an image, so a million images take some 50,000 read units (0.6 US cents) and several seconds. Images being
 * written at that time may or may not count.
 */
export async function readTagStatistics(options: TagStoreOptions): Promise<TagStatistics> {
  const byOutcome = { tagged: 0, empty: 0, rejected: 0, failed: 0 };
  const byVariant: Record<string, number> = {};
  const budget = { met: 0, missed: 0 };
  const latencies: number[] = [];
  await eachEntry(options, ({ variant, totalMs, budgetMet }, outcome) => {
    byOutcome[outcome]++;
    if (variant !== undefined) byVariant[variant] = (byVariant[variant] ?? 0) + 1;
    if (Number.isFinite(totalMs)) latencies.push(totalMs!);
    if (budgetMet !== undefined) budget[budgetMet ? 'met' : 'missed']++;
  });
  const images = Object.values(byOutcome).reduce((sum, count) => sum + count, 0);
  return { images, byOutcome, byVariant, ...(latencies.length > 0 && { latencyMs: percentiles(latencies) }), budget };
}

export interface TagCount {
  name: string;
  /** Images. */
  count: number;
}

/** What images can be narrowed to, with how many there are of each. */
export interface FacetCounts {
  /** Every tag that images are found by, most images first, then by name. */
  tags: TagCount[];
  /** Months that photos were taken in, such as `2009-06`, the latest first. */
  months: { month: string; count: number }[];
  /** Folders, without a slash at their ends, by name; with those below them. Entries without a key (docs/decisions/11-query.md) are in none. */
  folders: { folder: string; count: number }[];
}

/** Counted like {@link readTagStatistics}, at its cost. */
export async function countFacets(options: TagStoreOptions): Promise<FacetCounts> {
  const tags = new Map<string, TagCount>();
  const [months, folders] = [new Map<string, number>(), new Map<string, number>()];
  const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  await eachEntry(options, ({ facts }) => {
    const { names, key, takenAt } = parseFacets(facts);
    for (const name of names) {
      const id = tagKey(name);
      const counted = tags.get(id) ?? { name, count: 0 };
      tags.set(id, { ...counted, count: counted.count + 1 });
    }
    if (takenAt !== undefined) add(months, takenAt.slice(0, 'yyyy-mm'.length));
    for (const folder of foldersAbove(key ?? '')) add(folders, folder);
  });
  return {
    tags: [...tags.values()].sort((a, b) => b.count - a.count || compareText(a.name, b.name)),
    months: [...months].map(([month, count]) => ({ month, count })).sort((a, b) => compareText(b.month, a.month)),
    folders: [...folders].map(([folder, count]) => ({ folder, count })).sort((a, b) => compareText(a.folder, b.folder)),
  };
}

/** `2009`, then `2009/Rome`, of `2009/Rome/a.jpg`. */
function foldersAbove(key: string): string[] {
  const parts = key.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/')).filter((folder) => folder !== '');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface IndexEntry {
  facts: StoredFacts;
  variant?: string;
  totalMs?: number;
  budgetMet?: boolean;
}

/** Reads the index, all its partitions at once. */
async function eachEntry(
  options: TagStoreOptions,
  visit: (entry: IndexEntry, outcome: Outcome) => void,
): Promise<void> {
  const partitions = OUTCOMES.flatMap((outcome) => allShards().map((shard) => ({ outcome, shard })));
  await Promise.all(
    partitions.map(async ({ outcome, shard }) => {
      const entries = queryItems<IndexEntry>(options, {
        IndexName: TABLE_SCHEMA.indexes[0].name,
        KeyConditionExpression: 'outcomePk = :pk',
        ExpressionAttributeValues: { ':pk': outcomePartition(outcome, shard) },
      });
      for await (const entry of entries) visit(entry, outcome);
    }),
  );
}

/** By nearest rank. */
function percentiles(values: number[]): NonNullable<TagStatistics['latencyMs']> {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}
