import type { FunctionSize } from '@tagmill/costs';
import type { Trace } from './arrivals.ts';
import type { Limits } from './limits.ts';
import type { PolicyOptions, Workload } from './workload.ts';

export interface FleetOptions {
  trace: Trace;
  limits: Limits;
  size: FunctionSize;
  batchSize: number;
  maxConcurrency: number;
  /** Of the queue. */
  retentionMs: number;
  maxReceiveCount: number;
  policy: PolicyOptions;
  workload: Workload;
  /** From nothing to a function that takes its first batch. */
  coldStartMs: number;
  /** Uniform in [0, 1), seeded. */
  random: () => number;
}
