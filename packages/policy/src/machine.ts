import os from 'node:os';
import type { Machine } from './profile.ts';

/** The machine that this runs on; a function says how much memory it has. */
export function describeMachine(memoryMb?: number): Machine {
  const processor = os.cpus()[0]?.model ?? 'unknown';
  return { processor, cores: os.availableParallelism(), ...(memoryMb !== undefined && { memoryMb }) };
}
