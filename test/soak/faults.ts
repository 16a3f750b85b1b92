export const NO_FAULTS = {
  duplicates: 0,
  late: 0,
  throttled: 0,
  s3Errors: 0,
  s3Slow: 0,
  outOfMemory: 0,
  kills: 0,
};

/** How often each fault happened. */
export type FaultCounts = typeof NO_FAULTS;
