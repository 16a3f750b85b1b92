import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bill, billedMs, dollarsFor, imageUsage, loadPrices } from '../src/index.ts';
import { PRICE_NAMES, pricesSchema } from '../src/prices.ts';

const prices = loadPrices();

describe('the prices', () => {
  test('are all there, with a source, and say what no page confirms', () => {
    expect(Object.keys(prices.prices).sort()).toEqual([...PRICE_NAMES].sort());
    for (const { confirmedBy, unconfirmed } of Object.values(prices.prices)) {
      expect(confirmedBy ?? unconfirmed).toBeDefined();
    }
  });

  test('are refused if tiers do not rise, or something is missing or unknown', () => {
    const change = (more: object) => ({ ...prices, prices: { ...prices.prices, ...more } });
    const request = prices.prices['lambda-requests'];
    for (const tiers of [
      [],
      [{ upTo: 1, dollars: 1 }],
      [{ upTo: 2, dollars: 1 }, { upTo: 1, dollars: 1 }, { dollars: 1 }],
    ])
      expect(pricesSchema.safeParse(change({ 'lambda-requests': { ...request, tiers } })).success).toBe(false);
    expect(pricesSchema.safeParse(change({ 'lambda-wishes': request })).success).toBe(false);
    const { 'sqs-requests': _, ...fewer } = prices.prices;
    expect(pricesSchema.safeParse({ ...prices, prices: fewer }).success).toBe(false);
  });

  test('of a tier begin where the one before ends', () => {
    const rekognition = prices.prices['rekognition-images'];
    expect(dollarsFor(rekognition, 1000)).toBeCloseTo(1);
    expect(dollarsFor(rekognition, 2_000_000)).toBeCloseTo(1800);
    expect(dollarsFor(rekognition, 36_000_000)).toBeCloseTo(1000 + 3200 + 18_000 + 250);
  });

  test('never make more cost less', () => {
    const names = fc.constantFrom(...PRICE_NAMES);
    const quantity = fc.double({ min: 0, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(names, quantity, quantity, (name, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((each) => dollarsFor(prices.prices[name], each));
        expect(less).toBeLessThanOrEqual(more!);
      }),
    );
  });
});

/** Ten milliseconds of everything, on one vCPU. */
const WORK = {
  stagesMs: { fetch: 10, decode: 10, infer: 10, store: 10 },
  memoryMb: 1769,
  architecture: 'x86_64',
  imagesPerBatch: 10,
  origin: 'notification',
  writeUnits: 10,
  storedBytes: 4000,
} as const;

describe('the bill', () => {
  test('of a million images is what one works out by hand', () => {
    const { byStage } = bill(imageUsage(WORK), prices, 1e6);
    const tenMs = 1e6 * 0.01 * (1769 / 1024) * 0.0000166667;
    expect(byStage.queue).toBeCloseTo(1.2 * 0.4);
    expect(byStage.fetch).toBeCloseTo(0.4 + tenMs);
    expect(byStage.decode).toBeCloseTo(tenMs);
    expect(byStage.store).toBeCloseTo(10 * 0.625 + 0.125 + tenMs);
    expect(byStage.overhead).toBeCloseTo(0.1 * 0.2);
    expect(byStage.keep).toBeCloseTo(4 * 0.45);
  });

  test('is the sum of its stages and of its lines', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e11 }), fc.integer({ min: 1, max: 1000 }), (images, imagesPerBatch) => {
        const { total, byStage, lines } = bill(imageUsage({ ...WORK, imagesPerBatch }), prices, images);
        const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
        expect(sum(Object.values(byStage)) / total).toBeCloseTo(1);
        expect(sum(lines.map(({ dollars }) => dollars)) / total).toBeCloseTo(1);
      }),
    );
  });

  test('of a backfill has a tenth of the sends, and listings', () => {
    const { lines } = bill(imageUsage({ ...WORK, origin: 'backfill' }), prices, 1e6);
    const of = (price: string) => lines.find((line) => line.price === price)!.quantity;
    expect(of('sqs-requests')).toBeCloseTo(300_000);
    expect(of('s3-put-requests')).toBeCloseTo(1000);
  });
});

describe('billedMs', () => {
  test('is the whole time of an image that is alone, stretched where it has less than a vCPU', () => {
    expect(billedMs({ cpuMs: 10, waitMs: 30, vcpus: 1, inFlight: 1 })).toBe(40);
    expect(billedMs({ cpuMs: 10, waitMs: 30, vcpus: 0.5, inFlight: 1 })).toBe(50);
  });

  test('hides waiting behind other images, but never processor time', () => {
    expect(billedMs({ cpuMs: 10, waitMs: 30, vcpus: 1, inFlight: 4 })).toBe(10);
    expect(billedMs({ cpuMs: 10, waitMs: 70, vcpus: 1, inFlight: 4 })).toBe(20);
  });
});
