const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const WIDTHS: readonly (readonly [number, string])[] = [
  [SECOND, 'second'],
  [10 * SECOND, '10 seconds'],
  [MINUTE, 'minute'],
  [10 * MINUTE, '10 minutes'],
  [HOUR, 'hour'],
  [6 * HOUR, '6 hours'],
  [DAY, 'day'],
  [7 * DAY, 'week'],
  [28 * DAY, '4 weeks'],
  [364 * DAY, 'year'],
];

const MOST_BINS = 90;

export interface TimeBins {
  widthMs: number;
  /** As in "images a minute". */
  name: string;
  /** Start of the bin that a time is in. */
  startOf: (at: number) => number;
}

/** The narrowest bins that part a stretch of time into a legible number. */
export function timeBins(from: number, to: number): TimeBins {
  const [widthMs, name] = WIDTHS.find(([width]) => (to - from) / width <= MOST_BINS) ?? WIDTHS.at(-1)!;
  return { widthMs, name, startOf: (at) => Math.floor(at / widthMs) * widthMs };
}
