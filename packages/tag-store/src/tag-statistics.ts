import type { Outcome } from '@tagmill/core';
import { OUTCOMES } from './expression/expression.ts';
import { namesStored, type StoredFacts } from './facts.ts';
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
 * About 330 bytes an image, so a million images take some 40,000 read units (half a US cent) and several seconds. Images being
 * written at that time may or may not count.
 */
export async function tagStatistics(options: TagStoreOptions): Promise<TagStatistics> {
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

/** Every tag that images are found by, most images first, then by name: counted like {@link tagStatistics}, at its cost. */
export async function tagCounts(options: TagStoreOptions): Promise<TagCount[]> {
  const counts = new Map<string, TagCount>();
  await eachEntry(options, ({ facts }) => {
    for (const name of namesStored(facts)) {
      const counted = counts.get(tagKey(name)) ?? { name, count: 0 };
      counts.set(tagKey(name), { ...counted, count: counted.count + 1 });
    }
  });
  return [...counts.values()].sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
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
