import { describe, expect, test } from '@jest/globals';
import { BacklogController } from '../src/index.ts';

const TARGET_MS = 60_000;
const old = [2 * TARGET_MS];
const young = [1000];

describe('a backlog', () => {
  test('goes down a step while messages are older than the target, and up when they are young again', () => {
    const backlog = new BacklogController({ targetAgeMs: TARGET_MS, steps: 3 });
    expect(backlog.observe(young, 0)).toBe(0);
    expect([20_000, 40_000, 60_000, 80_000].map((at) => backlog.observe(old, at))).toEqual([1, 2, 3, 3]);
    expect([100_000, 120_000, 140_000, 160_000].map((at) => backlog.observe(young, at))).toEqual([2, 1, 0, 0]);
  });

  test('gives a step time to show before the next', () => {
    const backlog = new BacklogController({ targetAgeMs: TARGET_MS, steps: 3 });
    expect([0, 5000, 10_000, 14_999].map((at) => backlog.observe(old, at))).toEqual([1, 1, 1, 1]);
    expect(backlog.observe(old, 15_000)).toBe(2);
  });

  test('does not flap where ages swing between half the target and the target', () => {
    const backlog = new BacklogController({ targetAgeMs: TARGET_MS, steps: 3 });
    backlog.observe(old, 0);
    const levels = Array.from({ length: 100 }, (_, i) => backlog.observe([i % 2 ? 31_000 : 59_000], (i + 1) * 20_000));
    expect(new Set(levels)).toEqual(new Set([1]));
  });

  test('is none for one straggler among young messages, nor for a batch of messages that all came back', () => {
    const backlog = new BacklogController({ targetAgeMs: TARGET_MS, steps: 3 });
    expect(backlog.observe([1000, 2000, 100 * TARGET_MS], 0)).toBe(0);
    expect(backlog.observe([], 20_000)).toBe(0);
  });
});
