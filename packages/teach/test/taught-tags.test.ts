import { describe, expect, test } from '@jest/globals';
import type { Variant } from '@tagmill/core';
import { EmbeddingSpace, HeadsInSpace, type TaughtTag, tagsFor } from '../src/index.ts';
import { spaceFile } from './made-space.ts';

const sha256 = 'a'.repeat(64);
const variant = { variant: 'made/0.5-96', family: 'made', sha256 } as Variant;
const space = new EmbeddingSpace('made', spaceFile({ '0.5-96': sha256 }));
const expected = { slope: 2, offset: -1, shown: 0.5, sure: 0.9, precision: 0.9, recall: 0.6 };
const tag = {
  name: 'rex',
  family: 'made',
  space: space.id,
  head: { weights: [1, 0], bias: 0.5 },
  expected: { 'made/0.5-96': expected },
} as unknown as TaughtTag;

describe('taught tags', () => {
  test('are as sure as their head is of the embedding', () => {
    const heads = new HeadsInSpace(space, [tag]);
    expect(heads.appliesTo(variant)).toBe(true);
    // The embedding of (2, 3) is (0.6, 0.8): see space.test.ts.
    const [score] = heads.scores(variant, Float32Array.of(2, 3));
    expect(score).toMatchObject({ name: 'rex', shown: 0.5, sure: 0.9 });
    expect(score!.confidence).toBeCloseTo(1 / (1 + Math.exp(-(2 * 1.1 - 1))), 5);
  });

  test('are asked for no variant that has none', () => {
    expect(new HeadsInSpace(space, [tag]).appliesTo({ ...variant, variant: 'made/1.0-96' })).toBe(false);
    expect(new HeadsInSpace(space, []).appliesTo(variant)).toBe(false);
  });

  test('are left out of another space, or where a variant can’t tell them, and it is said why', () => {
    const variants = [variant];
    expect(tagsFor([tag], { space, variants })).toEqual({ usable: [tag], leftOut: [] });
    const [old] = tagsFor([{ ...tag, space: 'made-2-0' }], { space, variants }).leftOut;
    expect(old!.why).toMatch(/^it needs its examples again/);
    const [elsewhere] = tagsFor([{ ...tag, expected: { 'made/1.0-96': expected } }], { space, variants }).leftOut;
    expect(elsewhere!.why).toBe("made/0.5-96 can't tell it from other photos; use one of made/1.0-96");
  });

  test('of another family are no matter of these variants', () => {
    expect(tagsFor([{ ...tag, family: 'other' }], { space, variants: [variant] })).toEqual({ usable: [], leftOut: [] });
  });
});
