import { expect, test } from '@jest/globals';
import { judgeShown } from '../src/shown-tags.ts';

test('shown tags are judged by what is known to be on a photo', () => {
  const photo = (truths: Record<string, boolean>) => ({
    name: '',
    read: async () => new Uint8Array(),
    isOn: (name: string) => truths[name],
  });
  const photos = [
    photo({ collie: true, dog: true, cat: false }),
    photo({ cat: false }),
    photo({ dog: true }),
    photo({}),
  ];
  const tag = (name: string) => ({ name, confidence: 0.5, parents: [] });
  const tags = [['collie', 'cat', 'beach'], ['cat'], ['dog'], []].map((names) => names.map(tag));
  expect(judgeShown(photos, tags, new Set(['collie', 'cat', 'beach']))).toEqual({
    // Whether there is a beach isn't known.
    precision: 2 / 4,
    perImage: 5 / 4,
    coverage: 3 / 4,
    rightCoverage: 2 / 4,
    // The dog is a broader tag.
    firstRight: 1 / 4,
  });
});
