import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import pMap from 'p-map';
import { median } from 'simple-statistics';
import { makePhotos } from '../helpers/photos.ts';
import { eventually, type Pipeline, startPipeline } from '../helpers/pipeline-stack.ts';
import { FASTEST, MIDDLE, MOST_ACCURATE, writeRandomFamily } from '../helpers/random-family.ts';

jest.setTimeout(240_000);

const TARGET_AGE_SECONDS = 3;
const LONG_MS = 10_000;
let models: string;
let pipeline: Pipeline;
beforeAll(async () => {
  models = fs.mkdtempSync(path.join(os.tmpdir(), 'models-'));
  writeRandomFamily(models);
  const stack = {
    family: 'random',
    latencyBudgetMs: LONG_MS,
    queueTargetAgeSeconds: TARGET_AGE_SECONDS,
    minConfidence: 0,
  };
  pipeline = await startPipeline({ models, stack });
  // The choice depends on the images that a process has seen, and images that come one by one all go to the same process.
  await oneByOne(40, LONG_MS);
});
afterAll(async () => {
  await pipeline?.close();
  fs.rmSync(models, { recursive: true, force: true });
});

async function putAll(prefix: string, count: number, metadata: Record<string, string> = {}): Promise<string[]> {
  const photos = await makePhotos(Math.min(count, 50), 1);
  const keys = Array.from({ length: count }, (_, index) => `${prefix}/${index}.jpg`);
  await pMap(keys, (key, index) => pipeline.put(key, photos[index % photos.length]!, metadata), { concurrency: 20 });
  return keys;
}

/** The records of these images, in the order in which they were written. */
async function tagged(keys: readonly string[]): Promise<ImageRecord[]> {
  await eventually(
    () => pipeline.messages(pipeline.outputs.QueueUrl!),
    (left) => left === 0,
    180_000,
  );
  const records = (await pipeline.items()).flatMap(({ record }) => (record ? [record] : []));
  const wanted = records.filter(({ image }) => 'key' in image && keys.includes(image.key));
  expect(wanted).toHaveLength(keys.length);
  return wanted.toSorted((a, b) => a.taggedAt.localeCompare(b.taggedAt));
}

/** Tags images one by one, as they come on a calm day. */
async function oneByOne(count: number, budgetMs: number): Promise<ImageRecord[]> {
  const metadata = { 'latency-budget-ms': String(budgetMs) };
  const records: ImageRecord[] = [];
  for (let image = 0; image < count; image++) {
    records.push(...(await tagged(await putAll(`${budgetMs} ms ${image}`, 1, metadata))));
  }
  return records;
}

describe('a latency budget', () => {
  test('in the metadata decides the variant, which the record names with the reason', async () => {
    const [tight, loose] = [await oneByOne(5, 5), await oneByOne(5, 20_000)];
    // Machines differ: the middling budget lies between what the other two were predicted to take.
    const predicted = (records: ImageRecord[]) => median(records.map(({ budget }) => budget!.predictedMs!));
    const middlingMs = Math.round(predicted(tight) + 0.6 * (predicted(loose) - predicted(tight)));
    const middling = await oneByOne(5, middlingMs);

    expect(choices(tight)).toMatchObject({ mostOften: `${FASTEST}: none-fits` });
    expect(choices(middling)).toMatchObject({ mostOften: `${MIDDLE}: budget` });
    expect(choices(loose)).toMatchObject({ mostOften: `${MOST_ACCURATE}: most-accurate` });
    expect(middling.map(({ budget }) => budget!.latencyMs)).toEqual(Array(5).fill(middlingMs));
  });

  test('too small for anything is missed, and says so', async () => {
    // Before the burst below: after it storing is predicted to take so long that variants hardly differ.
    const records = await oneByOne(5, 1);
    expect(records.map(({ budget }) => [budget!.met, budget!.reason])).toEqual(Array(5).fill([false, 'none-fits']));
    expect(choices(records)).toMatchObject({ mostOften: `${FASTEST}: none-fits` });
  });

  test('that the fastest variant meets with a margin is met by at least 95% of the images', async () => {
    const records = await tagged(await putAll('margin', 200, { 'latency-budget-ms': '1500' }));
    const met = records.filter(({ budget }) => budget!.met);
    expect(met.length / records.length).toBeGreaterThanOrEqual(0.95);
  });
});

test('a burst of 1,000 images is drained by faster variants; then comes the most accurate one again', async () => {
  await calm('before');
  const burst = await tagged(await putAll('burst', 1000));
  expect(burst.filter(({ budget }) => budget!.reason === 'backlog').length).toBeGreaterThan(100);
  expect(burst.some(({ model }) => model!.variant === FASTEST)).toBe(true);
  await calm('after');
});

/** Waits until a single image gets the most accurate variant. */
async function calm(name: string): Promise<void> {
  await eventually(
    async () => {
      const [record] = await tagged(await putAll(`${name} ${performance.now()}`, 1));
      return record!.model!.variant;
    },
    (variant) => variant === MOST_ACCURATE,
  );
}

/** The variant and reason of most records, and all records, to read if the test fails. */
function choices(records: readonly ImageRecord[]) {
  const all = records.map(({ model, budget, timings }) => ({ variant: model!.variant, ...budget!, ...timings }));
  const groups = Map.groupBy(all, ({ variant, reason }) => `${variant}: ${reason}`);
  const [mostOften] = [...groups].sort(([, a], [, b]) => b.length - a.length)[0]!;
  return { mostOften, all };
}
