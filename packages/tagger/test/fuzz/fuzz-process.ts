/** Tries the inputs that run-fuzz.ts asks for, telling it of each before and after. */
import { TagmillError } from '@tagmill/core';
import { DEFAULT_LIMITS, decode, inspect } from '../../src/index.ts';
import { makeCorpus } from './corpus.ts';
import { mutated } from './mutations.ts';
import type { FuzzRange, FuzzReport } from './run-fuzz.ts';

const tell = (report: FuzzReport) => process.send?.(report);

process.once('message', async ({ seed, from, inputs }: FuzzRange) => {
  const corpus = await makeCorpus();
  for (let index = from; index < from + inputs; index++) {
    const bytes = mutated(corpus, { seed, index });
    tell({ index, started: true });
    const start = performance.now();
    const outcome = await tryOut(bytes);
    tell({ index, outcome, durationMs: performance.now() - start, rssBytes: process.memoryUsage().rss });
  }
  process.disconnect();
});

/** What became of it: `decoded`, or the code that it was refused with. */
async function tryOut(bytes: Uint8Array): Promise<string> {
  try {
    const header = await inspect(bytes, DEFAULT_LIMITS);
    const pixels = await decode(bytes, header, { inputSize: 32, fit: 'centre-crop', centralFraction: 0.875 });
    return pixels.length === 32 * 32 * 3 ? 'decoded' : `${pixels.length} bytes instead of a square`;
  } catch (error) {
    return error instanceof TagmillError ? error.code : String(error);
  }
}
