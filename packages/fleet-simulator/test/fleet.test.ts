import { describe, expect, test } from '@jest/globals';
import type { Variant } from '@tagmill/core';
import { constantDistribution, LatencyModel } from '@tagmill/policy';
import { randomLcg } from 'd3-random';
import fc from 'fast-check';
import { BatchScaling } from '../src/batch-scaling.ts';
import {
  AWS_LIMITS,
  type FleetOptions,
  type Limits,
  LOCAL_LIMITS,
  makeTrace,
  simulateFleet,
  type Trace,
} from '../src/index.ts';
import { WaitingMessages } from '../src/waiting-messages.ts';
import { WriteCapacity } from '../src/write-capacity.ts';

const variant = (name: string, top1: number, multAdds: number) =>
  ({ variant: name, family: 'test', top1, multAdds, preprocessing: { inputSize: 64 } }) as Variant;
const SLOW = variant('test/slow', 0.7, 400);
const FAST = variant('test/fast', 0.4, 100);

/** Decoding takes no time, the variants 40 and 10 ms. */
const model = new LatencyModel({
  measuredHere: true,
  profile: {
    schemaVersion: 1,
    machine: { processor: 'any', cores: 1 },
    measuredAt: '2026-01-01T00:00:00Z',
    runtime: { node: 'v24', onnxruntime: '1' },
    decodes: [
      { inputSize: 64, format: 'jpeg', progressive: false, pixels: 1000, inFlight: 1, ms: constantDistribution(0) },
    ],
    inferences: [
      { variant: SLOW.variant, multAdds: 400, inFlight: 1, ms: constantDistribution(40) },
      { variant: FAST.variant, multAdds: 100, inFlight: 1, ms: constantDistribution(10) },
    ],
    coldLoads: [],
    batches: [],
  },
});

const atOnce = (images: number): Trace => ({ name: 'at once', origin: 'notification', cohorts: [{ atMs: 0, images }] });

/** Workers of one vCPU, an image takes 40 ms of it and nothing else, unless told otherwise. */
function options(more: Partial<FleetOptions> = {}): FleetOptions {
  return {
    trace: atOnce(10_000),
    limits: LOCAL_LIMITS,
    size: { memoryMb: 1769, architecture: 'x86_64' },
    batchSize: 10,
    maxConcurrency: 10,
    retentionMs: 7 * 864e5,
    maxReceiveCount: 10,
    policy: { variants: [SLOW], model, targetAgeMs: 1e9, latencyBudgetMs: 10_000, maxInFlight: 4 },
    workload: {
      source: { format: 'jpeg', progressive: false, width: 10, height: 10 },
      fetchMs: constantDistribution(0),
      storeMs: constantDistribution(0),
      writeUnits: 8,
      storedBytes: 4000,
      slowdown: 1,
    },
    coldStartMs: 0,
    random: randomLcg(0.5),
    ...more,
  };
}

describe('simulateFleet', () => {
  test('drains a queue in images x time / workers, where nothing else is in the way', () => {
    const { drainedMs, concurrency, stored, ageMs } = simulateFleet(options());
    expect(stored).toBe(10_000);
    expect(drainedMs).toBe((10_000 * 40) / 10);
    expect(concurrency).toEqual({ mean: 10, peak: 10 });
    expect(ageMs.p50).toBeCloseTo(drainedMs / 2, -3);
  });

  test('loses no image: each is stored, dead-lettered or expired', () => {
    const numbers = { images: fc.integer({ min: 1, max: 5000 }), workers: fc.integer({ min: 2, max: 300 }) };
    fc.assert(
      fc.property(
        fc.record({
          ...numbers,
          writeUnits: fc.integer({ min: 1, max: 2000 }),
          retentionMs: fc.integer({ min: 1000, max: 1e7 }),
        }),
        ({ images, workers, writeUnits, retentionMs }) => {
          const base = options();
          const result = simulateFleet({
            ...base,
            trace: makeTrace('burst', images, base.random),
            limits: AWS_LIMITS,
            maxConcurrency: workers,
            maxReceiveCount: 3,
            retentionMs,
            workload: { ...base.workload, writeUnits },
          });
          expect(result.stored + result.deadLettered + result.expired).toBe(result.images);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('answers the same to the same seed, and not to another', () => {
    const run = (seed: number) => {
      const random = randomLcg(seed);
      return simulateFleet(options({ random, trace: makeTrace('diurnal', 5000, random), limits: AWS_LIMITS }));
    };
    expect(run(0.1)).toEqual(run(0.1));
    expect(run(0.1).images).not.toBe(run(0.2).images);
  });

  test('a busier worker waits while others’ images are fetched, but not for its own processor', () => {
    const base = options();
    const workload = { ...base.workload, fetchMs: constantDistribution(120) };
    const drained = (maxInFlight: number) =>
      simulateFleet(options({ workload, policy: { ...base.policy, maxInFlight } })).drainedMs;
    expect(drained(1) / drained(4)).toBeCloseTo(4);
  });

  test('keeps to what the table takes, though batches are put together where there are very many', () => {
    const workload = { ...options().workload, writeUnits: 1 };
    const images = 4_000_000;
    const { drainedMs, moments, stored } = simulateFleet(
      options({ trace: atOnce(images), maxConcurrency: 170, limits: AWS_LIMITS, workload }),
    );
    // The index by outcome takes four times 1,000 entries a second.
    expect(stored / (drainedMs / 1000) / 4000).toBeCloseTo(1, 1);
    expect(moments.length).toBeLessThanOrEqual(401);
    expect(moments.reduce((sum, each) => sum + each.stored, 0)).toBeGreaterThan(0.99 * images);
  });

  test('under a backlog tags faster and less accurately, and says so', () => {
    const base = options();
    const policy = { ...base.policy, variants: [SLOW, FAST], targetAgeMs: 5000 };
    const hurried = simulateFleet(options({ policy }));
    const calm = simulateFleet(options({ policy: { ...policy, targetAgeMs: 1e9 } }));
    expect(calm.variants).toEqual([{ variant: 'test/slow', share: 1 }]);
    expect(calm.top1).toBeCloseTo(0.7);
    expect(hurried.drainedMs).toBeLessThan(calm.drainedMs / 2);
    expect(hurried.variants.map((each) => each.variant)).toEqual(['test/slow', 'test/fast']);
    expect(hurried.top1).toBeLessThan(0.6);
  });

  test('never hurries through a backfill', () => {
    const policy = { ...options().policy, variants: [SLOW, FAST], targetAgeMs: 5000 };
    const trace: Trace = { ...atOnce(10_000), origin: 'backfill' };
    expect(simulateFleet(options({ policy, trace })).variants).toEqual([{ variant: 'test/slow', share: 1 }]);
  });

  test('pays for cold starts, and for tries that the table refuses', () => {
    const base = options();
    expect(simulateFleet(options({ coldStartMs: 1000 })).coldStarts).toBe(10);
    const workload = { ...base.workload, writeUnits: 4000 };
    const refused = simulateFleet(options({ limits: AWS_LIMITS, workload, trace: atOnce(2000), maxReceiveCount: 3 }));
    expect(refused.deadLettered).toBeGreaterThan(0);
    expect(refused.bill.byStage.fetch).toBeGreaterThan(
      simulateFleet(options({ trace: atOnce(2000) })).bill.byStage.fetch,
    );
    expect(refused.bill.total).toBeGreaterThan(0);
  });

  test('of messages that all expired costs nothing and does not divide by it', () => {
    const late = { atMs: 10, images: 5 };
    const blocked = options({
      retentionMs: 1,
      trace: { ...atOnce(5), cohorts: [{ atMs: 0, images: 1 }, late] },
      maxConcurrency: 1,
    });
    const result = simulateFleet(blocked);
    expect(result).toMatchObject({ stored: 1, expired: 5 });
    expect(Number.isFinite(result.bill.total)).toBe(true);
  });
});

test('an event source begins with five batches and adds 300 a minute, and falls back when it is quiet', () => {
  const scaling = new BatchScaling({ ...AWS_LIMITS, maxConcurrency: 1000, batchSize: 10 });
  expect(scaling.allowedAt(0)).toBe(5);
  scaling.note(0, true);
  expect(scaling.allowedAt(60_000)).toBe(305);
  expect(scaling.allowedAt(10 * 60_000)).toBe(1000);
  scaling.note(10 * 60_000, false);
  expect(scaling.allowedAt(12 * 60_000)).toBe(5);
  const large = new BatchScaling({ ...AWS_LIMITS, maxConcurrency: 1000, batchSize: 1000 });
  large.note(0, true);
  expect(large.allowedAt(3_600_000)).toBe(120);
});

test('a table takes 4,000 units a second at first, and twice its peak half an hour later', () => {
  const capacity = new WriteCapacity(AWS_LIMITS.table as Limits['table'], { unitsPerImage: 10 });
  expect(capacity.imagesPerSecond).toBe(400);
  for (let nowMs = 0; nowMs <= 31 * 60_000; nowMs += 1000) {
    capacity.store(400, { nowMs, readyMs: nowMs, deadlineMs: nowMs + 60_000 });
  }
  expect(capacity.imagesPerSecond).toBeCloseTo(800, -1);
});

test('a queue gives the oldest first and loses what is too old', () => {
  const queue = new WaitingMessages({ retentionMs: 100 });
  queue.send({ atMs: 0, images: 3 });
  queue.send({ atMs: 50, images: 3 });
  expect(queue.receive(4, 60)).toEqual([
    { sentMs: 0, images: 3, receives: 1 },
    { sentMs: 50, images: 1, receives: 1 },
  ]);
  expect(queue.receive(4, 200)).toEqual([]);
  expect({ expired: queue.expired, size: queue.size }).toEqual({ expired: 2, size: 0 });
});

test('traces bring about as many images as asked for, in the order of time', () => {
  for (const name of ['burst', 'diurnal', 'backfill'] as const) {
    const { cohorts } = makeTrace(name, 100_000, randomLcg(0.3));
    const images = cohorts.reduce((sum, each) => sum + each.images, 0);
    expect(Math.abs(images / 100_000 - 1)).toBeLessThan(0.02);
    expect(cohorts).toEqual(cohorts.toSorted((a, b) => a.atMs - b.atMs));
  }
  expect(() => makeTrace('burst', 0, Math.random)).toThrow(/whole number of images from 1/);
});
