import { expect, jest, test } from '@jest/globals';
import { REJECT_REASONS } from '@tagmill/core';
import { makeCorpus } from './corpus.ts';
import { mutated } from './mutations.ts';
import { runFuzz } from './run-fuzz.ts';

jest.setTimeout(60_000);

const INPUTS = 300;

test('whatever is done to a file, it is decoded or refused by a reason of the list, in bounded time and memory', async () => {
  const { outcomes, crashes, hangs, slowest, peakRssBytes } = await runFuzz({ seed: 1, from: 0, inputs: INPUTS });
  expect({ crashes, hangs }).toEqual({ crashes: [], hangs: [] });
  expect(['decoded', ...REJECT_REASONS]).toEqual(expect.arrayContaining(Object.keys(outcomes)));
  expect(Object.values(outcomes).reduce((a, b) => a + b)).toBe(INPUTS);
  // Both happen often: it reaches the decoders, and what they refuse.
  expect(Math.min(outcomes.decoded ?? 0, outcomes.corrupt ?? 0)).toBeGreaterThan(INPUTS / 20);
  expect(slowest.durationMs).toBeLessThan(10_000);
  expect(peakRssBytes).toBeLessThan(400 * 2 ** 20);
});

test('an input is the same each time that its seed and index are', async () => {
  const corpus = await makeCorpus();
  expect(await makeCorpus()).toEqual(corpus);
  expect(mutated(corpus, { seed: 3, index: 5 })).toEqual(mutated(corpus, { seed: 3, index: 5 }));
  const all = Array.from({ length: 50 }, (_, index) => mutated(corpus, { seed: 3, index }).toString('base64'));
  expect(new Set(all).size).toBeGreaterThan(45);
});
