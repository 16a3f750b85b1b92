import os from 'node:os';
import type { Machine } from '@tagmill/variants';

/** The machine that this runs on. */
export function thisMachine(): Machine {
  return { processor: os.cpus()[0]?.model ?? 'unknown', cores: os.availableParallelism() };
}
