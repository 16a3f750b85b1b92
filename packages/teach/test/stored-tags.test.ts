import { describe, expect, test } from '@jest/globals';
import { type SeenImage, type StoredTag, scoreStored, unpackEmbedding, whyUntold } from '../src/stored-tags.ts';

const expected = { slope: Math.log(9), offset: 0, shown: 0.6, sure: null, precision: 1, recall: 1 };
const tag: StoredTag = {
  schemaVersion: 1,
  name: 'rex',
  family: 'made',
  variant: 'made/1-64',
  space: 'made-2-abc',
  method: 'logistic-regression',
  head: { weights: [1, 0], bias: 0 },
  prevalence: 0.01,
  expected: { 'made/1-64': expected },
  exampleCount: 10,
  notCount: 0,
  skippedCount: 0,
  taughtAt: '2026-12-01T00:00:00.000Z',
};

const pack = (...numbers: number[]) => Buffer.from(Int8Array.from(numbers)).toString('base64');
const image = (fingerprint: SeenImage['fingerprint'], variant = 'made/1-64'): SeenImage => ({ fingerprint, variant });
const seen = image({ space: 'made-2-abc', embedding: pack(127, 0) });

test('an embedding is unpacked to length 1, however it was packed', () => {
  expect([...unpackEmbedding(pack(60, -80))]).toEqual([0.6, -0.8].map((each) => expect.closeTo(each, 6)));
});

describe('a taught tag', () => {
  test('is as sure of an image as its head and its calibration say, by what is stored alone', () => {
    expect(scoreStored([tag], seen)).toEqual([
      { name: 'rex', confidence: expect.closeTo(0.9, 6), shown: 0.6, sure: null },
    ]);
    const [away] = scoreStored([tag], image({ space: 'made-2-abc', embedding: pack(-127, 0) }));
    expect(away!.confidence).toBeCloseTo(0.1, 6);
  });

  test.each<[string | undefined, string, SeenImage]>([
    [undefined, 'has an embedding of its space, by a variant that it knows', seen],
    ['no-embedding', 'has no fingerprint', image(undefined)],
    ['no-embedding', 'has a fingerprint without one', image({ hash: '0', sharpness: 1 })],
    ['other-space', 'has one of another space', image({ space: 'made-2-def', embedding: pack(127, 0) })],
    ['other-space', 'has one of another length', image({ space: 'made-2-abc', embedding: pack(127, 0, 0) })],
    ['other-variant', 'was seen by a variant that it has no threshold for', { ...seen, variant: 'made/0.5-64' }],
    ['other-variant', 'was seen by a variant called as what every object has', { ...seen, variant: 'constructor' }],
    ['other-variant', 'was seen before variants were kept', { fingerprint: seen.fingerprint }],
  ])('is untold because of %s of an image that %s', (why, _, given) => {
    expect(whyUntold(tag, given)).toBe(why);
    expect(scoreStored([tag], given)).toHaveLength(why === undefined ? 1 : 0);
  });
});
