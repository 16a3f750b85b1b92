import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SURE_PRECISION, sureFrom, tagsFrom } from '../src/evaluation/sure-tags.ts';

const image = (label: number, ...scores: number[]) => ({ label, scores: Float32Array.from(scores) });

describe('sure tags', () => {
  test('begin where 80% of them are right', () => {
    const right = [0.95, 0.9, 0.85, 0.7].map((score) => image(0, score, 0));
    const wrong = [image(1, 0.75, 0), image(1, 0.6, 0), image(0, 0.5, 0)];
    // 4 of the first 5 are right, 4 of 6 and 5 of 7 are too few.
    expect(sureFrom([...right, ...wrong])).toBeCloseTo(0.7, 3);
  });

  test('are none where even the surest are wrong', () => {
    expect(sureFrom([image(1, 0.9, 0.1), image(0, 0.5, 0.1)])).toBeUndefined();
  });

  test('can be several in a picture, of which one is its label', () => {
    expect(tagsFrom([image(0, 0.9, 0.8), image(1, 0.1, 0.2)], 0.5)).toEqual({
      precision: 0.5,
      perImage: 1,
      coverage: 0.5,
    });
    expect(tagsFrom([image(0, 0.1)], 0.5)).toEqual({ perImage: 0, coverage: 0 });
  });

  test('property: from there on at least 80% are right, and the next lower confidence would be too low', () => {
    const images = fc.array(
      fc.record({
        label: fc.nat(2),
        scores: fc
          .array(fc.integer({ min: 20, max: 1000 }), { minLength: 3, maxLength: 3 })
          .map((thousandths) => Float32Array.from(thousandths, (each) => each / 1000)),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(images, (list) => {
        const least = sureFrom(list);
        const precision = (from: number) => tagsFrom(list, from).precision ?? 1;
        if (least !== undefined) expect(precision(least)).toBeGreaterThanOrEqual(SURE_PRECISION - 1e-9);
        for (const { scores } of list) {
          for (const score of scores) {
            if (score < (least ?? 2)) expect(precision(score)).toBeLessThan(SURE_PRECISION);
          }
        }
      }),
    );
  });
});
