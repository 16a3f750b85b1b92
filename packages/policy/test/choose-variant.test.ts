import { describe, expect, test } from '@jest/globals';
import type { Variant } from '@tagmill/core';
import fc from 'fast-check';
import {
  accuracy,
  type Choice,
  type ChoiceRequest,
  chooseConcurrency,
  chooseVariant,
  type Distribution,
  findFrontier,
  PROMISED_SHARE,
  quantile,
  SAFETY_MARGIN,
  toDistribution,
} from '../src/index.ts';

interface Timed {
  variant: Variant;
  ms: Distribution;
}

const distributions = fc
  .array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1, maxLength: 30 })
  .map((samples) => toDistribution(samples));

const families = fc
  .array(
    fc.record({ top1: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }), ms: distributions }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((members) => members.map(({ top1, ms }, index) => ({ variant: variantOf(`test/1-${index}`, top1), ms })));

const limits = fc.option(fc.double({ min: -100, max: 3000, noNaN: true }), { nil: undefined });

describe('the choice of a variant', () => {
  test('never falls on one that another beats in both accuracy and time', () => {
    fc.assert(
      fc.property(families, limits, limits, (family, remainingMs, shareMs) => {
        const choice = chooseVariant(request(family, { remainingMs, shareMs }));
        for (const { variant, ms } of family) {
          const predictedMs = quantile(ms, PROMISED_SHARE);
          const beatsIt = accuracy(variant) > accuracy(choice.variant) && predictedMs < choice.predictedMs;
          expect(beatsIt).toBe(false);
        }
      }),
    );
  });

  test('never gets less accurate when the budget grows', () => {
    const budgets = fc.double({ min: -100, max: 3000, noNaN: true });
    fc.assert(
      fc.property(families, budgets, budgets, limits, fc.nat(), (family, a, b, shareMs, pick) => {
        const [small, large] = [Math.min(a, b), Math.max(a, b)];
        const slowest = pick % 2 ? family[pick % family.length]!.variant : undefined;
        const withBudget = (remainingMs: number) => chooseVariant(request(family, { remainingMs, shareMs, slowest }));
        expect(accuracy(withBudget(large).variant)).toBeGreaterThanOrEqual(accuracy(withBudget(small).variant));
      }),
    );
  });

  test('is made for any request, of what was there to choose from, and says truly why', () => {
    fc.assert(
      fc.property(families, limits, limits, fc.nat(), (family, remainingMs, shareMs, pick) => {
        const slowest = pick % 2 ? family[pick % family.length]!.variant : undefined;
        const choice = chooseVariant(request(family, { remainingMs, shareMs, slowest }));
        expect(family.map(({ variant }) => variant)).toContain(choice.variant);
        const limitMs = Math.min(remainingMs ?? Infinity, shareMs ?? Infinity);
        expect(choice.predictedMs * SAFETY_MARGIN <= limitMs).toBe(choice.reason !== 'none-fits');
        const mostAccurate = Math.max(...family.map(({ variant }) => accuracy(variant)));
        if (choice.reason === 'most-accurate') expect(accuracy(choice.variant)).toBe(mostAccurate);
        if (choice.reason === 'backlog') expect(slowest).toBeDefined();
      }),
    );
  });

  const family = [timed('test/1-128', 0.6, 100), timed('test/0.5-128', 0.5, 40), timed('test/0.25-64', 0.3, 10)];

  test.each<[string, Partial<ChoiceRequest>, string, Choice['reason']]>([
    ['no limit', {}, 'test/1-128', 'most-accurate'],
    ['a loose budget', { remainingMs: 111 }, 'test/1-128', 'most-accurate'],
    ['a budget that fits without the margin only', { remainingMs: 109 }, 'test/0.5-128', 'budget'],
    ['a tight budget', { remainingMs: 12 }, 'test/0.25-64', 'budget'],
    ['a budget that is spent', { remainingMs: -5 }, 'test/0.25-64', 'none-fits'],
    ['little time left for the batch', { remainingMs: 500, shareMs: 50 }, 'test/0.5-128', 'deadline'],
    ['a backlog', { remainingMs: 500, slowest: family[1]!.variant }, 'test/0.5-128', 'backlog'],
    ['a backlog and a tighter budget', { remainingMs: 12, slowest: family[1]!.variant }, 'test/0.25-64', 'budget'],
    ['storing that takes most of it', { remainingMs: 60, afterwards: Array(20).fill(40) }, 'test/0.25-64', 'budget'],
  ])('by %s', (_, limit, name, reason) => {
    expect(chooseVariant(request(family, limit))).toMatchObject({ variant: { variant: name }, reason });
  });

  test('counts loading what isn’t loaded towards the time, and not towards the pace that a backlog asks for', () => {
    const loadMs = ({ variant }: Variant) => (variant === 'test/0.5-128' ? 200 : 0);
    const chosen = (limits: object) => chooseVariant({ ...request(family, limits), loadMs });
    expect(chosen({ remainingMs: 100 })).toMatchObject({ variant: { variant: 'test/0.25-64' }, reason: 'budget' });
    const slowest = family[1]!.variant;
    expect(chosen({ remainingMs: 900, slowest })).toMatchObject({
      variant: slowest,
      reason: 'backlog',
      predictedMs: 240,
    });
  });

  test('of nothing is an error', () => {
    expect(() => chooseVariant(request([], {}))).toThrow(RangeError);
  });
});

test('the frontier holds what nothing beats, most accurate first, each step worth it', () => {
  const family = [
    timed('test/1-128', 0.6, 100),
    timed('test/1-96', 0.55, 95),
    timed('test/0.75-160', 0.5, 120),
    timed('test/0.5-128', 0.5, 40),
  ];
  const names = (leastGain?: number) =>
    findFrontier(
      family.map(({ variant }) => variant),
      predictionsOf(family),
      leastGain === undefined ? {} : { leastGain },
    ).map(({ variant }) => variant);
  expect(names()).toEqual(['test/1-128', 'test/1-96', 'test/0.5-128']);
  expect(names(0.1)).toEqual(['test/1-128', 'test/0.5-128']);
});

describe('the number in flight', () => {
  const family = [timed('test/1-128', 0.6, 20), timed('test/0.5-128', 0.5, 5)];
  const concurrencyFor = (remainingMs: number) =>
    chooseConcurrency({
      levels: [1, 2, 4],
      choose: (inFlight) => {
        const crowded = family.map(({ variant, ms }) => ({ variant, ms: ms.map((each) => each * inFlight) }));
        return chooseVariant(request(crowded, { remainingMs }));
      },
    });

  test.each([
    ['is the largest where the budget is loose', 1000, 4],
    ['is what leaves the accuracy as it is alone', 50, 2],
    ['is one where a second image would cost accuracy', 30, 1],
    ['counts for the variant that fits alone', 12, 2],
    ['is one where nothing fits', 1, 1],
  ])('%s', (_, remainingMs, expected) => {
    expect(concurrencyFor(remainingMs)).toBe(expected);
  });
});

function request(family: readonly Timed[], limit: { [Key in keyof ChoiceRequest]?: ChoiceRequest[Key] | undefined }) {
  const given = Object.fromEntries(Object.entries(limit).filter(([, value]) => value !== undefined));
  return { variants: family.map(({ variant }) => variant), predict: predictionsOf(family), ...given };
}

function predictionsOf(family: readonly Timed[]): ChoiceRequest['predict'] {
  return (variant) => ({ ms: family.find((each) => each.variant === variant)!.ms, extrapolated: false });
}

function timed(name: string, top1: number, ms: number): Timed {
  return { variant: variantOf(name, top1), ms: Array(20).fill(ms) };
}

function variantOf(variant: string, top1: number | undefined): Variant {
  return { variant, ...(top1 !== undefined && { top1 }) } as Variant;
}
