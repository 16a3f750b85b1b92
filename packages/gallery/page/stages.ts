import type { Timings } from '@tagmill/core';

export interface Stage {
  name: string;
  ms: number;
  /** Of the whole, 0 to 1. */
  share: number;
}

const STAGES = [
  ['fetch', 'fetchMs'],
  ['decode', 'decodeMs'],
  ['infer', 'inferMs'],
  ['store', 'storeMs'],
] as const satisfies readonly (readonly [string, keyof Timings])[];

/** What an image's own processing was spent on, in its order; `other` is what no stage accounts for. */
export function stagesOf(timings: Timings): Stage[] {
  const known = STAGES.flatMap(([name, field]) => {
    const ms = timings[field];
    return ms === undefined ? [] : [{ name, ms }];
  });
  const sum = known.reduce((total, { ms }) => total + ms, 0);
  const other = timings.totalMs - sum;
  const all = other > 0.005 ? [...known, { name: 'other', ms: other }] : known;
  const whole = Math.max(sum, timings.totalMs);
  return all.map((stage) => ({ ...stage, share: whole > 0 ? stage.ms / whole : 0 }));
}
