import fs from 'node:fs';
import path from 'node:path';
import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ImageRecord, Label } from '@tagmill/core';
import { TagStore } from '@tagmill/tag-store';
import { ROOT } from './command.ts';

type Random = () => number;
type Item = Record<string, unknown>;

const labels: Label[] = JSON.parse(fs.readFileSync(path.join(ROOT, 'models/labels/everyday.json'), 'utf8'));
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Records as the pipeline would have written them, of labels that the project knows: few are on many images, most on few.
 *
 * @param random uniform in [0, 1).
 */
export function* randomRecords(count: number, random: Random): Generator<ImageRecord> {
  // The square root of a uniform number has few small values, so this has many small indices.
  const label = () => labels[Math.floor((1 - Math.sqrt(random())) ** 2 * labels.length)]!;
  const time = (year: number) => new Date(Date.UTC(year, 0, 1) + random() * 365 * DAY_MS).toISOString();
  for (let index = 0; index < count; index++) {
    const image = { bucket: 'photos', key: `${index}.jpg`, etag: `"${index}"` };
    const common = { schemaVersion: 1, taggedAt: time(2026) } as const;
    const share = random();
    if (share < 0.04) {
      const fault =
        share < 0.03
          ? ({ outcome: 'rejected', reason: 'corrupt' } as const)
          : ({ outcome: 'failed', reason: 'gave-up' } as const);
      yield { ...common, image, ...fault, message: 'It could not be tagged', tags: [], broader: [] };
      continue;
    }
    const found = share < 0.1 ? [] : [...new Set(Array.from({ length: 1 + Math.floor(random() * 5) }, label))];
    const parts = found.map(() => random()).sort((a, b) => b - a);
    const whole = parts.reduce((a, b) => a + b, 0.1);
    const tags = found.map(({ name, parents }, i) => ({ name, parents, confidence: rounded(parts[i]! / whole) }));
    yield {
      ...common,
      image: {
        ...image,
        sha256: 'a'.repeat(64),
        bytes: 1e6,
        width: 4000,
        height: 3000,
        format: 'jpeg',
        takenAt: time(2020 + Math.floor(random() * 7)).slice(0, 19),
      },
      outcome: found.length > 0 ? 'tagged' : 'empty',
      tags,
      broader: broaderOf(tags),
      model: {
        variant: random() < 0.7 ? 'everyday/0.5-128' : 'everyday/0.5-96',
        family: 'everyday',
        alpha: 0.5,
        resolution: 128,
        precision: 'float32',
        sha256: 'b'.repeat(64),
      },
      timings: { queueMs: 20, fetchMs: 5, decodeMs: 9, inferMs: 3, storeMs: 12, totalMs: rounded(29 + random()) },
      budget: { latencyMs: 500, met: true },
    };
  }
}

function broaderOf(tags: ImageRecord['tags']): ImageRecord['broader'] {
  const sums = new Map<string, number>();
  for (const { parents, confidence } of tags)
    for (const name of parents) sums.set(name, (sums.get(name) ?? 0) + confidence);
  return [...sums]
    .map(([name, sum]) => ({ name, confidence: rounded(Math.min(1, sum)) }))
    .filter(({ confidence }) => confidence >= 0.3)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, 5);
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** The items that the store writes of a record, and of its fingerprint if it has one: it is asked, with a client that keeps them. */
export async function itemsOf({ fingerprint, ...record }: ImageRecord): Promise<Item[]> {
  const items: Item[] = [];
  const send = async ({ input }: { input: { Item?: Item } }) => {
    if (input.Item) items.push(input.Item);
    return {};
  };
  const store = new TagStore({ client: { send } as unknown as DynamoDBDocumentClient, tableName: 'any' });
  const { bucket, key } = record.image as { bucket: string; key: string };
  const at = new Date(record.taggedAt);
  await store.write(await store.read({ bucket, key }), { record, fingerprint, lastModified: at, at });
  return items;
}

/** As many items as one BatchWriteItem takes. */
const BATCH = 25;

/** Writes records into an empty table, without the store's conditions: many at once. */
export async function fillTable(
  { client, tableName }: { client: DynamoDBDocumentClient; tableName: string },
  records: Iterable<ImageRecord>,
): Promise<void> {
  const waiting = new Map<string, Item>();
  const names = new Set<string>();
  const flush = async () => {
    const requests = [...waiting.values()].map((Item) => ({ PutRequest: { Item } }));
    waiting.clear();
    if (requests.length > 0) await client.send(new BatchWriteCommand({ RequestItems: { [tableName]: requests } }));
  };
  for (const record of records) {
    for (const item of await itemsOf(record)) {
      const key = `${item.pk} ${item.sk}`;
      if (names.has(key)) continue;
      // The name of a tag comes with every record that has it.
      if (item.pk === 'V') names.add(key);
      waiting.set(key, item);
      if (waiting.size === BATCH) await flush();
    }
  }
  await flush();
}
