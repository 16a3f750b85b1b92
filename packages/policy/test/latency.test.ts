import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Variant } from '@tagmill/core';
import fc from 'fast-check';
import {
  addDistributions,
  chooseVariant,
  findNearestProfile,
  formatProfileFileName,
  LatencyModel,
  type LatencyProfile,
  LatencyTracker,
  loadProfiles,
  quantile,
  saveProfile,
  toDistribution,
} from '../src/index.ts';

const flat = (ms: number) => Array<number>(20).fill(ms);
const jpeg = { format: 'jpeg', progressive: false };
const decodeAt = (pixels: number, ms: number, more = {}) => ({
  ...{ inputSize: 64, ...jpeg, pixels, inFlight: 1, ms: flat(ms) },
  ...more,
});
const profile: LatencyProfile = {
  schemaVersion: 1,
  machine: { processor: 'Test CPU', cores: 2 },
  measuredAt: '2026-01-02T03:04:05.000Z',
  runtime: { node: 'v24', onnxruntime: '1.27.0' },
  decodes: [decodeAt(2 ** 20, 4), decodeAt(2 ** 22, 10), decodeAt(2 ** 20, 9, { format: 'avif' })],
  inferences: [
    { variant: 'test/0.5-128', multAdds: 50e6, inFlight: 1, ms: flat(3) },
    { variant: 'test/0.25-128', multAdds: 10e6, inFlight: 1, ms: flat(1) },
  ],
  coldLoads: [],
  batches: [],
};
const half = { variant: 'test/0.5-128', multAdds: 50e6, preprocessing: { inputSize: 64 } } as Variant;
const quarter = { variant: 'test/0.25-128', multAdds: 10e6, preprocessing: { inputSize: 64 } } as Variant;
const model = () => new LatencyModel({ profile, measuredHere: true });
const medianOf = ({ ms }: { ms: readonly number[] }) => quantile(ms, 0.5);

describe('a distribution', () => {
  test('of a sum of two is no wider than the sum of their tails, and has the sum of their means', () => {
    const samples = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(samples, samples, (x, y) => {
        const [a, b] = [toDistribution(x), toDistribution(y)];
        const sum = addDistributions(a, b);
        expect(quantile(sum, 0.95)).toBeLessThanOrEqual(a.at(-1)! + b.at(-1)! + 1e-9);
        expect(quantile(sum, 0.95)).toBeGreaterThanOrEqual(a[0]! + b[0]! - 1e-9);
        expect([...sum]).toEqual(sum.toSorted((one, other) => one - other));
      }),
    );
  });

  test('has a 95th percentile below the sum of the 95th percentiles', () => {
    const mostlyFast = toDistribution([...Array(90).fill(1), ...Array(10).fill(10)]);
    expect(quantile(mostlyFast, 0.95)).toBeCloseTo(10, 0);
    expect(quantile(addDistributions(mostlyFast, mostlyFast), 0.95)).toBeLessThan(15);
  });
});

describe('a variant in whole numbers', () => {
  const int8 = (each: Variant) => ({ ...each, variant: `${each.variant}-int8` }) as Variant;
  const measured = (factor: number): LatencyProfile['inferences'] =>
    profile.inferences.map((each) => ({
      ...each,
      variant: `${each.variant}-int8`,
      ms: each.ms.map((ms) => ms * factor),
    }));
  const modelWith = (inferences: LatencyProfile['inferences']) =>
    new LatencyModel({ profile: { ...profile, inferences }, measuredHere: true });
  const choose = (of: LatencyModel) => {
    const variants = [
      { ...half, top1: 0.5 },
      { ...int8(half), top1: 0.495 },
    ];
    return chooseVariant({ variants, predict: (variant) => of.inference(variant, 1), remainingMs: 2.5 }).variant
      .variant;
  };

  test('that was not measured is scaled from others in whole numbers, and from floats only where there are none', () => {
    const [, quarterInt8] = measured(0.5);
    expect(medianOf(modelWith([...profile.inferences, quarterInt8!]).inference(int8(half), 1))).toBeCloseTo(2.5);
    expect(medianOf(model().inference(int8(half), 1))).toBeCloseTo(3);
  });

  test('doesn’t change what is predicted for floats', () => {
    const other = { ...half, variant: 'test/0.75-128', multAdds: 100e6 } as Variant;
    const expected = medianOf(model().inference(other, 1));
    expect(medianOf(modelWith([...profile.inferences, ...measured(0.1)]).inference(other, 1))).toBeCloseTo(expected);
  });

  test('is chosen where it was measured to be faster and floats don’t fit, and never where it is slower or was not measured', () => {
    expect(choose(modelWith([...profile.inferences, ...measured(0.5)]))).toBe('test/0.5-128-int8');
    expect(choose(modelWith([...profile.inferences, ...measured(1.5)]))).toBe('test/0.5-128');
    expect(choose(model())).toBe('test/0.5-128');
  });
});

describe('the latency model', () => {
  test('knows how long loading takes as measured, else of the longest measured, with the square of alpha', () => {
    const coldLoads = [
      { variant: 'test/0.5-64', ms: 40 },
      { variant: 'test/0.5-128', ms: 50 },
    ];
    const loads = new LatencyModel({ profile: { ...profile, coldLoads }, measuredHere: true });
    expect(loads.load({ variant: 'test/0.5-64' })).toBe(40);
    expect(loads.load({ variant: 'test/1.0-64' })).toBe(200);
    expect(loads.load({ variant: 'test/0.25-64' })).toBe(50);
    // A profile that measured none.
    expect(model().load({ variant: 'test/1.0-64' })).toBeGreaterThan(model().load({ variant: 'test/0.5-64' }));
  });

  test.each([
    ['measured', half, { ...jpeg, width: 1024, height: 1024 }, 7, false],
    ['between two sizes', half, { ...jpeg, width: 1024, height: 2048 }, 9, false],
    ['larger than the largest: in proportion', half, { ...jpeg, width: 4096, height: 2048 }, 23, true],
    ['smaller than the smallest: no less', half, { ...jpeg, width: 10, height: 10 }, 7, false],
    ['another format, coded alike', half, { format: 'heic', progressive: false, width: 1024, height: 1024 }, 12, true],
    [
      'progressive, where that was not measured',
      half,
      { ...jpeg, progressive: true, width: 1024, height: 1024 },
      7,
      true,
    ],
  ])('predicts an image that is %s', (_, variant, source, expected, extrapolated) => {
    const prediction = model().predict(variant, source, 1);
    expect(medianOf(prediction)).toBeCloseTo(expected);
    expect(prediction.extrapolated).toBe(extrapolated);
  });

  test('scales a variant that was not measured along mult-adds, and says so', () => {
    const unknown = { variant: 'test/0.75-128', multAdds: 90e6 } as Variant;
    const prediction = model().inference(unknown, 1);
    expect(medianOf(prediction)).toBeCloseTo(5);
    expect(prediction.extrapolated).toBe(true);
  });

  test('lets images beyond the measured number in flight share the processor, and says so', () => {
    const prediction = model().predict(half, { ...jpeg, width: 1024, height: 1024 }, 3);
    expect(medianOf(prediction)).toBeCloseTo(21);
    expect(prediction.extrapolated).toBe(true);
  });

  test("marks whatever another machine's profile says", () => {
    const elsewhere = new LatencyModel({ profile, measuredHere: false });
    expect(elsewhere.predict(half, { ...jpeg, width: 1024, height: 1024 }, 1).extrapolated).toBe(true);
  });
});

describe('the latency tracker', () => {
  const source = { ...jpeg, width: 1024, height: 1024 };
  const work = (variant: Variant) => ({ variant, source, inFlight: 1 });
  const seeded = () => {
    let nowMs = 0;
    const tracker = new LatencyTracker(model(), { now: () => nowMs });
    const run = (variant: Variant, images: number, ms: number) => {
      for (let image = 0; image < images; image++) {
        nowMs += 100;
        tracker.observe(work(variant), ms);
      }
    };
    const wait = (ms: number) => {
      nowMs += ms;
    };
    return { tracker, run, wait };
  };

  test('trusts the profile until there is something to see', () => {
    expect(medianOf(seeded().tracker.predict(work(half)))).toBeCloseTo(7);
  });

  test('notices a slower machine for all variants, from whichever runs', () => {
    const { tracker, run } = seeded();
    run(half, 40, 21);
    expect(tracker.slowdown).toBeCloseTo(3);
    expect(medianOf(tracker.predict(work(quarter)))).toBeCloseTo(15);
  });

  test('gives no variant up for a slow minute in which it ran', () => {
    const { tracker, run } = seeded();
    run(half, 300, 21);
    run(quarter, 300, 5);
    expect(tracker.slowdown).toBeCloseTo(1);
    expect(medianOf(tracker.predict(work(half)))).toBeCloseTo(7, 0);
  });

  test('learns how far a variant is off its profile, and forgets it when it no longer runs', () => {
    const { tracker, run, wait } = seeded();
    for (let turn = 0; turn < 60; turn++) {
      run(half, 1, 14);
      run(quarter, 4, 5);
    }
    expect(medianOf(tracker.predict(work(half)))).toBeGreaterThan(12);
    wait(180_000);
    expect(medianOf(tracker.predict(work(half)))).toBeCloseTo(7);
  });
});

describe('profiles', () => {
  const elsewhere = (machine: LatencyProfile['machine']) => ({ ...profile, machine });

  test('are found by processor and share of it; the closest stands in, and says that it does', () => {
    const profiles = [
      elsewhere({ processor: 'Test CPU', cores: 2 }),
      elsewhere({ processor: 'Test CPU', cores: 2, memoryMb: 1769 }),
      elsewhere({ processor: 'Other CPU', cores: 1, memoryMb: 3538 }),
    ];
    const nearest = (machine: LatencyProfile['machine']) => findNearestProfile(profiles, machine);
    expect(nearest({ processor: 'Test CPU', cores: 2 })).toEqual({ profile: profiles[0], measuredHere: true });
    expect(nearest({ processor: 'Test CPU', cores: 2, memoryMb: 2048 })).toEqual({
      profile: profiles[1],
      measuredHere: false,
    });
    expect(nearest({ processor: 'New CPU', cores: 2 })).toEqual({ profile: profiles[2], measuredHere: false });
    expect(() => findNearestProfile([], { processor: 'Test CPU', cores: 2 })).toThrow('models profile');
  });

  test('are kept in a file a machine, and a malformed one is refused', async () => {
    const directory = await fs.mkdtemp(path.join(os.tmpdir(), 'tagmill-'));
    try {
      expect(await loadProfiles([directory])).toEqual([]);
      await saveProfile(directory, profile);
      await saveProfile(directory, profile);
      expect(await loadProfiles([directory])).toEqual([profile]);
      expect(formatProfileFileName(profile.machine)).toBe('test-cpu-2-cores.json');
      const times = [flat(1).slice(1), flat(-1), [...flat(1).slice(1), '1']];
      const decodes = times.map((ms) => ({ ...profile, decodes: [decodeAt(1, 1, { ms })] }));
      for (const bad of [{}, ...decodes]) {
        await fs.writeFile(path.join(directory, 'profiles/bad.json'), JSON.stringify(bad));
        await expect(loadProfiles([directory])).rejects.toMatchObject({ code: 'invalid-catalogue' });
      }
    } finally {
      await fs.rm(directory, { recursive: true });
    }
  });
});
