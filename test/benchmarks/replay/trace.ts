import type { Source } from '@tagmill/policy';

/** One image that comes along, with all that chance decides about it. */
export interface Arrival {
  atMs: number;
  budgetMs: number;
  source: Source;
  /** In [0, 1): which of its possible times decoding and inference take. */
  luck: { decode: number; infer: number };
  /** 1, or more where something held this image up. */
  stall: number;
}

export interface Scenario {
  name: string;
  arrivals: readonly Arrival[];
  /** How much slower the machine is at a time. */
  slowdownAt: (nowMs: number) => number;
  /** When the worker is replaced by a new one, whose models aren't loaded. */
  restartsMs: readonly number[];
}

const MINUTE_MS = 60_000;
const LENGTH_MS = 6 * MINUTE_MS;
const PER_SECOND = 12;
const BUDGETS_MS = [15, 25, 40, 80, 200];
const SOURCES: readonly Source[] = [
  { format: 'jpeg', progressive: false, width: 500, height: 375 },
  { format: 'jpeg', progressive: false, width: 2048, height: 1536 },
  { format: 'jpeg', progressive: true, width: 500, height: 375 },
  { format: 'webp', progressive: false, width: 500, height: 375 },
];

/** What a profile doesn't show: one image in fifty is held up, to two to four times its time. */
const STALLED_SHARE = 0.02;

/** The four scenarios, all of the same stream of images. */
export function scenarios(random: () => number): Scenario[] {
  const stream = steadyStream(random);
  const burst = Array.from({ length: 1000 }, () => arrivalAt(2 * MINUTE_MS, random));
  const calm = { slowdownAt: () => 1, restartsMs: [] };
  const isSlow = (nowMs: number) => nowMs >= 2 * MINUTE_MS && nowMs < 3 * MINUTE_MS;
  const restartsMs = Array.from({ length: 11 }, (_, index) => (index + 1) * 30_000);
  return [
    { ...calm, name: 'steady', arrivals: stream },
    { ...calm, name: 'three times slower for a minute', arrivals: stream, slowdownAt: (now) => (isSlow(now) ? 3 : 1) },
    { ...calm, name: 'a cold start every 30 s', arrivals: stream, restartsMs },
    { ...calm, name: 'a burst of 1,000', arrivals: [...stream, ...burst].sort((a, b) => a.atMs - b.atMs) },
  ];
}

function steadyStream(random: () => number): Arrival[] {
  const arrivals: Arrival[] = [];
  for (let atMs = 0; atMs < LENGTH_MS; atMs += (-Math.log(1 - random()) * 1000) / PER_SECOND) {
    arrivals.push(arrivalAt(atMs, random));
  }
  return arrivals;
}

function arrivalAt(atMs: number, random: () => number): Arrival {
  return {
    atMs,
    budgetMs: oneOf(BUDGETS_MS, random),
    source: oneOf(SOURCES, random),
    luck: { decode: random(), infer: random() },
    stall: random() < STALLED_SHARE ? 2 + 2 * random() : 1,
  };
}

function oneOf<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)]!;
}
