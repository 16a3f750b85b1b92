import type { Outcome } from '@tagmill/core';
import { allShards, outcomePartition } from './keys.ts';
import { queryItems } from './query-items.ts';
import { TABLE_SCHEMA } from './table-schema.ts';
import type { TagStoreOptions } from './tag-store.ts';

export const OUTCOMES = ['tagged', 'empty', 'rejected', 'failed'] as const satisfies readonly Outcome[];

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
 * About 130 bytes an image, so a million images take some 16,000 read units (0.2 US cents) and a few seconds. Images being
 * written at that time may or may not count.
 */
export async function tagStatistics(options: TagStoreOptions): Promise<TagStatistics> {
  const byOutcome = { tagged: 0, empty: 0, rejected: 0, failed: 0 };
  const byVariant: Record<string, number> = {};
  const budget = { met: 0, missed: 0 };
  const latencies: number[] = [];
  const partitions = OUTCOMES.flatMap((outcome) => allShards().map((shard) => ({ outcome, shard })));
  await Promise.all(
    partitions.map(async ({ outcome, shard }) => {
      for await (const { variant, totalMs, budgetMet } of entries(options, outcomePartition(outcome, shard))) {
        byOutcome[outcome]++;
        if (variant !== undefined) byVariant[variant] = (byVariant[variant] ?? 0) + 1;
        if (totalMs !== undefined) latencies.push(totalMs);
        if (budgetMet !== undefined) budget[budgetMet ? 'met' : 'missed']++;
      }
    }),
  );
  const images = Object.values(byOutcome).reduce((sum, count) => sum + count, 0);
  return { images, byOutcome, byVariant, ...(latencies.length > 0 && { latencyMs: percentiles(latencies) }), budget };
}

interface IndexEntry {
  variant?: string;
  totalMs?: number;
  budgetMet?: boolean;
}

function entries(options: TagStoreOptions, partition: string): AsyncGenerator<IndexEntry> {
  return queryItems(options, {
    IndexName: TABLE_SCHEMA.indexes[0].name,
    KeyConditionExpression: 'outcomePk = :pk',
    ExpressionAttributeValues: { ':pk': partition },
  });
}

/** By nearest rank. */
function percentiles(values: number[]): NonNullable<TagStatistics['latencyMs']> {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}
