import { beforeEach, describe, expect, test } from '@jest/globals';
import { TagmillError, type Variant } from '@tagmill/core';
import type { ImageHeader, Tagger, Tagging } from '@tagmill/tagger';
import { BudgetTagger, LatencyModel, type LatencyProfile, LatencyTracker, type TagRequest } from '../src/index.ts';

const flat = (ms: number) => Array<number>(20).fill(ms);
const LEVELS = [1, 2, 4];
const [LARGE, SMALL] = [variantOf('test/1-128', 0.6), variantOf('test/0.25-64', 0.3)];

/** Decoding takes 5 ms, the large variant 45, the small one 5; images in flight share one processor. */
const profile: LatencyProfile = {
  schemaVersion: 1,
  machine: { processor: 'Test CPU', cores: 1 },
  measuredAt: '2026-01-02T03:04:05.000Z',
  runtime: { node: 'v24', onnxruntime: '1' },
  decodes: LEVELS.map((inFlight) => ({
    ...{ inputSize: 64, format: 'jpeg', progressive: false, pixels: 1e8, inFlight },
    ms: flat(5 * inFlight),
  })),
  inferences: LEVELS.flatMap((inFlight) => [
    { variant: LARGE.variant, multAdds: 9, inFlight, ms: flat(45 * inFlight) },
    { variant: SMALL.variant, multAdds: 1, inFlight, ms: flat(5 * inFlight) },
  ]),
  coldLoads: [{ variant: SMALL.variant, ms: 20 }],
  batches: [],
};

let now: number;
let inferMs: number;
let loaded: string[];
let isLoaded: (name: string) => boolean;
const header = { format: 'jpeg', width: 640, height: 480, encoding: { progressive: false } } as ImageHeader;
/** Takes as long as it is told to, on a clock that nobody waits for. */
const tagger = {
  rename: async () => undefined,
  preload: async ({ variant }: Variant) => void loaded.push(variant),
  isLoaded: ({ variant }) => isLoaded(variant),
  assertMeasured: (_: Pick<Variant, 'variant'>) => {},
  tag: async (_, choice) => {
    const { variant } = (choice as (header: ImageHeader) => Variant)(header);
    return { model: { variant }, timings: { decodeMs: 5, inferMs, totalMs: 5 + inferMs } } as Tagging;
  },
} satisfies Pick<Tagger, 'tag' | 'rename' | 'preload' | 'isLoaded' | 'assertMeasured'>;

beforeEach(() => {
  now = 0;
  inferMs = 45;
  loaded = [];
  isLoaded = () => true;
});

function create(variants = [LARGE, SMALL], by = tagger): BudgetTagger {
  const model = new LatencyModel({ profile, measuredHere: true });
  const tracker = new LatencyTracker(model, { now: () => now });
  const clock = { now: () => new Date(now) };
  return new BudgetTagger({
    tagger: by,
    variants,
    tracker,
    clock,
    targetAgeMs: 60_000,
    maxInFlight: 4,
    firstStoreMs: 10,
  });
}

const choose = async (budgetTagger: BudgetTagger, request: Partial<TagRequest> = {}) => {
  const { model, choice } = await budgetTagger.tag(new Uint8Array(), { spentMs: 0, inFlight: 1, ...request });
  return [model.variant, choice.reason];
};

describe('the budget tagger', () => {
  test.each<[string, Partial<TagRequest>, string, string]>([
    ['the most accurate where nothing limits it', {}, LARGE.variant, 'most-accurate'],
    ['the most accurate that a budget leaves room for, storing included', { latencyMs: 50 }, SMALL.variant, 'budget'],
    ['less where some of the budget is spent', { latencyMs: 100, spentMs: 40 }, SMALL.variant, 'budget'],
    ['less where others share the processor', { latencyMs: 100, inFlight: 2 }, SMALL.variant, 'budget'],
    ['less where its batch has little time left', { latencyMs: 900, shareMs: 30 }, SMALL.variant, 'deadline'],
    ['the fastest where nothing fits', { latencyMs: 5 }, SMALL.variant, 'none-fits'],
  ])('chooses %s', async (_, request, variant, reason) => {
    expect(await choose(create(), request)).toEqual([variant, reason]);
  });

  test('says what it predicted of the whole image', async () => {
    const { choice } = await create().tag(new Uint8Array(), { spentMs: 7, inFlight: 1, latencyMs: 900 });
    expect(choice).toMatchObject({ extrapolated: false });
    expect(choice.predictedMs).toBeCloseTo(7 + 5 + 45 + 10);
  });

  test('notices that the machine became three times slower, and that it is fast again', async () => {
    const budgetTagger = create();
    const run = async (images: number) => {
      for (let image = 0; image < images; image++) {
        now += 100;
        await choose(budgetTagger);
      }
    };
    inferMs = 145;
    await run(30);
    expect(await choose(budgetTagger, { latencyMs: 100 })).toEqual([SMALL.variant, 'budget']);
    inferMs = 45;
    await run(300);
    expect(await choose(budgetTagger, { latencyMs: 100 })).toEqual([LARGE.variant, 'most-accurate']);
  });

  test('learns nothing from the first images and writes of a process, which wait for what no later one does', async () => {
    const budgetTagger = create();
    inferMs = 500;
    for (let image = 0; image < 4; image++) {
      await choose(budgetTagger);
      budgetTagger.stored(500);
    }
    inferMs = 45;
    for (let image = 0; image < 12; image++) {
      await choose(budgetTagger);
      budgetTagger.stored(10);
    }
    expect(await choose(budgetTagger, { latencyMs: 100 })).toEqual([LARGE.variant, 'most-accurate']);
  });

  test('without a budget keeps as many in flight as may be, and loads the most accurate', async () => {
    expect(create().plan({ agesMs: [] })).toBe(4);
    await create().preloadFor({});
    expect(loaded).toEqual([LARGE.variant]);
  });

  test('goes by the time that storing takes', async () => {
    const budgetTagger = create();
    expect(await choose(budgetTagger, { latencyMs: 100 })).toEqual([LARGE.variant, 'most-accurate']);
    for (let image = 0; image < 20; image++) budgetTagger.stored(60);
    expect(await choose(budgetTagger, { latencyMs: 100 })).toEqual([SMALL.variant, 'budget']);
  });

  test('goes down while messages are old, and comes back', async () => {
    const budgetTagger = create();
    budgetTagger.plan({ agesMs: [90_000, 95_000], latencyMs: 900 });
    expect(await choose(budgetTagger, { latencyMs: 900 })).toEqual([SMALL.variant, 'backlog']);
    now += 60_000;
    budgetTagger.plan({ agesMs: [100, 200], latencyMs: 900 });
    expect(await choose(budgetTagger, { latencyMs: 900 })).toEqual([LARGE.variant, 'most-accurate']);
  });

  test.each([
    ['four where there is time enough', 900, 4],
    ['two where four would cost accuracy', 130, 2],
    ['one where a second would', 80, 1],
  ])('keeps in flight %s', (_, latencyMs, expected) => {
    expect(create().plan({ agesMs: [], latencyMs })).toBe(expected);
  });

  test('with one variant always chooses that', async () => {
    expect(await choose(create([LARGE]), { latencyMs: 5 })).toEqual([LARGE.variant, 'none-fits']);
  });

  test('loads every variant that it may choose, and none that another beats, whose records are current all the same', async () => {
    const worse = { ...variantOf('test/0.75-128', 0.5), multAdds: 9 };
    const budgetTagger = create([LARGE, SMALL, worse]);
    await budgetTagger.preload();
    expect(loaded).toEqual([LARGE.variant, SMALL.variant]);
    expect(budgetTagger.isCurrent(worse)).toBe(true);
  });

  test.each([
    ['a budget that leaves room for it', 900, LARGE.variant],
    ['a budget that leaves no room for more', 50, SMALL.variant],
  ])('loads ahead of the first image the one variant that is right for %s', async (_, latencyMs, variant) => {
    isLoaded = (name) => loaded.includes(name);
    await create().preloadFor({ latencyMs });
    expect(loaded).toEqual([variant]);
  });

  test('refuses to start where it can’t be said when a variant that it may choose later is sure', async () => {
    const unmeasured = {
      ...tagger,
      assertMeasured: ({ variant }: Pick<Variant, 'variant'>) => {
        if (variant === SMALL.variant) throw new TagmillError('invalid-argument', 'Nobody has measured it');
      },
    };
    await expect(create([LARGE, SMALL], unmeasured).preloadFor({ latencyMs: 900 })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });

  test('loads no further variant when it is told to stop', async () => {
    await create().preload({ goesOn: () => loaded.length < 1 });
    expect(loaded).toEqual([LARGE.variant]);
  });

  test('charges an image for loading a variant that is not loaded: it must fit with that', async () => {
    isLoaded = (name) => name === LARGE.variant;
    const budgetTagger = create();
    // Loaded, the small one would take 20 ms in all.
    expect(await choose(budgetTagger, { latencyMs: 30 })).toEqual([SMALL.variant, 'none-fits']);
    expect(await choose(budgetTagger, { latencyMs: 50 })).toEqual([SMALL.variant, 'budget']);
    const { choice } = await budgetTagger.tag(new Uint8Array(), { spentMs: 0, inFlight: 1, latencyMs: 50 });
    expect(choice.predictedMs).toBeCloseTo(5 + 5 + 10 + 20);
    isLoaded = () => true;
    expect(await choose(budgetTagger, { latencyMs: 30 })).toEqual([SMALL.variant, 'budget']);
  });

  test('drains a backlog at the pace of what is loaded, with what first has to be loaded', async () => {
    isLoaded = (name) => name === LARGE.variant;
    const budgetTagger = create();
    budgetTagger.plan({ agesMs: [90_000, 95_000], latencyMs: 900 });
    expect(await choose(budgetTagger, { latencyMs: 900 })).toEqual([SMALL.variant, 'backlog']);
  });

  test('learns nothing of the machine’s speed from images that waited for a model, or beside one that did', async () => {
    isLoaded = () => false;
    inferMs = 500;
    const budgetTagger = create();
    for (let image = 0; image < 20; image += 2) await Promise.all([choose(budgetTagger), choose(budgetTagger)]);
    isLoaded = () => true;
    const { choice } = await budgetTagger.tag(new Uint8Array(), { spentMs: 0, inFlight: 1, latencyMs: 900 });
    expect(choice.predictedMs).toBeCloseTo(5 + 45 + 10);
  });

  test('takes records of any of its variants for current, and no others', () => {
    const budgetTagger = create();
    expect(budgetTagger.isCurrent({ variant: SMALL.variant, sha256: SMALL.sha256 })).toBe(true);
    expect(budgetTagger.isCurrent({ variant: SMALL.variant, sha256: 'another' })).toBe(false);
    expect(budgetTagger.isCurrent({ variant: 'other/1-128', sha256: SMALL.sha256 })).toBe(false);
  });

  test('passes on what is wrong with an image, and still counts right afterwards', async () => {
    const failing = {
      ...tagger,
      tag: async () => {
        throw new TagmillError('corrupt', 'Not an image');
      },
    };
    const tracker = new LatencyTracker(new LatencyModel({ profile, measuredHere: true }), { now: () => now });
    const clock = { now: () => new Date(now) };
    const options = { variants: [LARGE], tracker, clock, targetAgeMs: 60_000, maxInFlight: 4, firstStoreMs: 0 };
    const budgetTagger = new BudgetTagger({ ...options, tagger: failing });
    await expect(choose(budgetTagger)).rejects.toMatchObject({ code: 'corrupt' });
    expect(tracker.slowdown).toBe(1);
  });
});

function variantOf(variant: string, top1: number): Variant {
  return { variant, top1, sha256: variant, preprocessing: { inputSize: 64 } } as Variant;
}
