export { type Cohort, makeTrace, TRACES, type Trace, type TraceName } from './arrivals.ts';
export { AWS_LIMITS, type Limits, LOCAL_LIMITS } from './limits.ts';
export type { FleetOptions } from './options.ts';
export type { SimulationResult } from './result.ts';
export { simulateFleet } from './simulate.ts';
export type { Moment } from './tally.ts';
export type { PolicyOptions, Workload } from './workload.ts';
