import { TagmillError } from '@tagmill/core';
import { randomExponential, randomPoisson } from 'd3-random';

/** Images whose messages reach the queue together. */
export interface Cohort {
  atMs: number;
  images: number;
}

export interface Trace {
  name: string;
  /** How the queue hears of the images. */
  origin: 'notification' | 'backfill';
  /** In the order of time. */
  cohorts: Cohort[];
}

export const TRACES = ['burst', 'diurnal', 'backfill'] as const;

export type TraceName = (typeof TRACES)[number];

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Parts of a trace's time, each shorter than the times that are read off the results. */
const PARTS = 1440;

/**
 * S3 delivers events "typically in seconds", now and then in a minute or more (S3 User Guide, "Amazon S3 Event Notifications"):
 * exponential, with this mean, is assumed.
 */
const NOTIFICATION_DELAY_MS = 2000;

/** Of a day's mean: at its busiest hour 1.8 times as many images come, at its quietest 0.2 times. Assumed. */
const DAILY_SWING = 0.8;

/**
 * Made-up arrivals.
 * - `burst`: all within a minute, as when a folder is copied into the bucket.
 * - `diurnal`: over a day, most at noon; random as independent uploaders make it (Poisson).
 * - `backfill`: all at once, from a listing of the bucket.
 *
 * @param random uniform in [0, 1), seeded.
 * @throws {TagmillError} `invalid-argument` if the number of images is none.
 */
export function makeTrace(name: TraceName, images: number, random: () => number): Trace {
  if (!Number.isInteger(images) || images < 1) {
    throw new TagmillError('invalid-argument', `A trace has a whole number of images from 1: not ${images}`);
  }
  switch (name) {
    case 'backfill':
      return { name, origin: 'backfill', cohorts: [{ atMs: 0, images }] };
    case 'burst':
      return { name, origin: 'notification', cohorts: spread(images, MINUTE_MS, () => 1, random) };
    case 'diurnal': {
      const rate = (share: number) => 1 - DAILY_SWING * Math.cos(2 * Math.PI * share);
      return { name, origin: 'notification', cohorts: spread(images, DAY_MS, rate, random) };
    }
  }
}

/** So many images on average, over the time, in proportion to `rate` (mean 1). */
function spread(images: number, lengthMs: number, rate: (share: number) => number, random: () => number): Cohort[] {
  const poisson = randomPoisson.source(random);
  const delay = randomExponential.source(random)(1 / NOTIFICATION_DELAY_MS);
  const cohorts: Cohort[] = [];
  for (let part = 0; part < PARTS; part++) {
    const count = poisson((images / PARTS) * rate((part + 0.5) / PARTS))();
    if (count > 0) cohorts.push({ atMs: (part * lengthMs) / PARTS + delay(), images: count });
  }
  return cohorts.sort((a, b) => a.atMs - b.atMs);
}
