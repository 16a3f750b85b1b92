import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chooseLatencyBudgetMs, DeadlineEstimator } from '../src/index.ts';
import { chooseReturnDelaySeconds } from '../src/visibility.ts';

describe('an image’s budget', () => {
  const policy = {
    rules: [
      { prefix: 'live/', latencyMs: 50 },
      { prefix: 'live/slow/', latencyMs: 900 },
    ],
    defaultMs: 300,
  };
  const budget = (key: string, asked?: string) =>
    chooseLatencyBudgetMs({ key, metadata: asked === undefined ? {} : { 'latency-budget-ms': asked } }, policy);

  test('is that of its metadata, else of the longest prefix, else the default', () => {
    expect(budget('live/a.jpg', '120')).toBe(120);
    expect(budget('live/a.jpg')).toBe(50);
    expect(budget('live/slow/a.jpg')).toBe(900);
    expect(budget('a.jpg')).toBe(300);
  });

  test('cannot be stretched nor broken by who uploads', () => {
    expect(budget('a.jpg', '999999999')).toBe(60_000);
    expect(budget('a.jpg', '-5')).toBe(1);
    for (const junk of ['', ' ', 'soon', 'NaN', 'Infinity', '1s']) expect(budget('a.jpg', junk)).toBe(300);
    fc.assert(
      fc.property(fc.string(), (asked) => {
        const budgetMs = budget('a.jpg', asked)!;
        return budgetMs >= 1 && budgetMs <= 60_000;
      }),
    );
  });
});

describe('the deadline estimator', () => {
  test('goes by the slowest of the last images, with a margin', () => {
    const estimator = new DeadlineEstimator({ firstEstimateMs: 3000 });
    expect(estimator.fits(2999)).toBe(false);
    expect(estimator.fits(3000)).toBe(true);
    for (const durationMs of [10, 200, 30]) estimator.record(durationMs);
    expect(estimator.fits(299)).toBe(false);
    expect(estimator.fits(300)).toBe(true);
  });

  test('forgets a slow image in time', () => {
    const estimator = new DeadlineEstimator({ firstEstimateMs: 3000 });
    estimator.record(60_000);
    for (let i = 0; i < 50; i++) estimator.record(10);
    expect(estimator.fits(15)).toBe(true);
  });
});

test('a message returns within seconds if it was not tried, else ever later, within what SQS takes', () => {
  const delay = (tried: boolean, receiveCount: number, random: number) =>
    chooseReturnDelaySeconds({ tried, receiveCount, random });
  expect([delay(false, 9, 0), delay(false, 9, 0.999)]).toEqual([1, 5]);
  expect([1, 2, 3, 4].map((receives) => delay(true, receives, 0.999))).toEqual([4, 8, 16, 32]);
  expect(delay(true, 1000, 0.999)).toBe(300);
});
