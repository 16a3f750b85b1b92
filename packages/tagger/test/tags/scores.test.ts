import { describe, expect, test } from '@jest/globals';
import type { Label } from '@tagmill/core';
import fc from 'fast-check';
import { scoresToTags } from '../../src/index.ts';

const label = (index: number, name: string, ...parents: string[]): Label => ({ index, name, synonyms: [], parents });
const labels = [
  label(0, 'poodle', 'dog', 'animal'),
  label(1, 'beagle', 'dog', 'animal'),
  label(2, 'collie', 'dog', 'animal'),
  label(3, 'lemon', 'fruit'),
];
const options = { topN: 5, minConfidence: 0.2, minBroaderConfidence: 0.4 };

describe('scores become', () => {
  test('tags above the threshold, highest first, with their broader tags', () => {
    const { tags } = scoresToTags(Float32Array.of(0.25, 0.5, 0.1, 0.05), labels, options);
    expect(tags).toEqual([
      { name: 'beagle', confidence: 0.5, parents: ['dog', 'animal'] },
      { name: 'poodle', confidence: 0.25, parents: ['dog', 'animal'] },
    ]);
  });

  test('the narrowest broader tag that is sure enough, where no label below it is', () => {
    const { tags, broader } = scoresToTags(Float32Array.of(0.15, 0.15, 0.15, 0.1), labels, options);
    expect(tags).toEqual([{ name: 'dog', confidence: 0.45, parents: ['animal'] }]);
    expect(broader).toEqual([{ name: 'animal', confidence: 0.45 }]);
  });

  test('a broader tag that is sure enough beside a label that it isn’t above', () => {
    const { tags, broader } = scoresToTags(Float32Array.of(0.15, 0.15, 0.15, 0.9), labels, options);
    expect(tags.map(({ name }) => name)).toEqual(['lemon', 'dog']);
    expect(broader.map(({ name }) => name)).toEqual(['fruit', 'animal']);
  });

  test('one tag for a label that stands above others: of itself and them, or broader than one of them', () => {
    const withDog = [...labels, label(4, 'dog', 'animal')];
    const unsure = scoresToTags(Float32Array.of(0.15, 0, 0, 0, 0.35), withDog, options);
    expect(unsure.tags).toEqual([{ name: 'dog', confidence: 0.5, parents: ['animal'] }]);
    const sure = scoresToTags(Float32Array.of(0.3, 0, 0, 0, 0.35), withDog, options);
    expect(sure.tags.map(({ name }) => name)).toEqual(['poodle']);
    expect(sure.broader.map(({ name }) => name)).toEqual(['dog', 'animal']);
  });

  test.each([
    ['sum', 0.9],
    ['max', 0.5],
    ['noisy-or', 1 - 0.5 * 0.6],
  ] as const)('broader tags by the rule that is asked: %s', (broader, expected) => {
    const found = scoresToTags(Float32Array.of(0.5, 0.4, 0, 0), labels, { ...options, broader });
    expect(found.broader[0]!.confidence).toBeCloseTo(expected, 6);
  });

  test('nothing where there are no labels', () => {
    expect(scoresToTags(new Float32Array(0), [], options)).toEqual({ tags: [], broader: [] });
  });

  test('no more than the top N', () => {
    const { tags } = scoresToTags(Float32Array.of(0.3, 0.3, 0.3, 0.3), labels, { ...options, topN: 2 });
    expect(tags.map(({ name }) => name)).toEqual(['poodle', 'beagle']);
  });

  test('no tag for the background class', () => {
    expect(scoresToTags(Float32Array.of(1), [label(0, 'background')], options).tags).toEqual([]);
  });

  test('a broader confidence of 1 at most', () => {
    expect(scoresToTags(Float32Array.of(0.9, 0.9, 0, 0), labels, options).broader[0]!.confidence).toBe(1);
  });

  test('over several crops, each tag’s highest and each broader tag’s highest sum', () => {
    const crops = Float32Array.of(0.7, 0.1, 0, 0.1, /**/ 0.1, 0.6, 0.2, 0.3);
    const { tags, broader } = scoresToTags(crops, labels, options);
    expect(tags.map(({ name, confidence }) => [name, confidence])).toEqual([
      ['poodle', 0.7],
      ['beagle', 0.6],
      ['lemon', 0.3],
      ['collie', 0.2],
    ]);
    // 1.5 of each one's highest: no crop was that sure.
    expect(broader[0]).toEqual({ name: 'dog', confidence: 0.9 });
  });

  test('property: more crops never make any tag or broader tag less sure', () => {
    const scores = fc.array(fc.double({ min: 0, max: 0.25, noNaN: true }), { minLength: 4, maxLength: 4 });
    const everything = { topN: 10, minConfidence: 0, minBroaderConfidence: 0 };
    const confidences = (crops: number[][]) => {
      const { tags, broader } = scoresToTags(Float32Array.from(crops.flat()), labels, everything);
      return new Map([...tags, ...broader].map(({ name, confidence }) => [name, confidence]));
    };
    fc.assert(
      fc.property(fc.array(scores, { minLength: 1, maxLength: 5 }), (crops) => {
        const all = confidences(crops);
        const each = crops.map((crop) => confidences([crop]));
        for (const [name, confidence] of all) {
          expect(confidence).toBe(Math.max(...each.map((crop) => crop.get(name)!)));
        }
      }),
    );
  });
});
