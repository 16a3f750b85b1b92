import { describe, expect, test } from '@jest/globals';
import type { ImageState } from '@tagmill/tag-store';
import type { NamedTags } from '@tagmill/tagger';
import { record, tag } from '../../tag-store/test/records.ts';
import { compareRules } from '../src/index.ts';

const bee = tag('bee', 0.48, 'insect', 'animal');

/** An image of a bee, before rules that name it as they do. */
async function comparedWith(named: Pick<NamedTags, 'tags' | 'broader'>) {
  const seen: ImageState = {
    name: { bucket: 'photos', key: 'bee.jpg' },
    id: 'id',
    revision: 1,
    status: 'indexed',
    record: record('bee.jpg', [bee], { broader: [{ name: 'insect', confidence: 0.52 }] }),
    scores: { labelSet: 'everyday', bytes: new Uint8Array(), topN: 5, minConfidence: 0.1 },
    live: [],
    stale: [],
  };
  return compareRules({
    images: (async function* () {
      yield seen;
    })(),
    set: { rules: { tags: {} }, version: 'new' },
    rename: async () => ({ outcome: named.tags.length > 0 ? 'tagged' : 'empty', ...named }),
  });
}

describe('what rules change', () => {
  test('is a name that is gained or lost, and one that is kept as something else', async () => {
    const found = await comparedWith({ tags: [tag('insect', 0.52, 'animal')], broader: [] });
    expect(found).toMatchObject({ changed: 1, gained: {}, lost: { bee: 1 }, moved: { insect: 1 } });
    expect(found.examples[0]!.changes).toEqual([
      { name: 'bee', before: { as: 'tag', confidence: 0.48 } },
      { name: 'insect', before: { as: 'broader', confidence: 0.52 }, after: { as: 'tag', confidence: 0.52 } },
    ]);
  });

  test('is a confidence, which moves no name', async () => {
    const found = await comparedWith({ tags: [bee], broader: [{ name: 'insect', confidence: 0.6 }] });
    expect(found).toMatchObject({ changed: 1, gained: {}, lost: {}, moved: {} });
    expect(found.examples[0]!.changes).toEqual([
      {
        name: 'insect',
        before: { as: 'broader', confidence: 0.52 },
        after: { as: 'broader', confidence: 0.6 },
      },
    ]);
  });

  test('is not in what order something is written', async () => {
    const turned = tag('bee', 0.48, 'animal', 'insect');
    const found = await comparedWith({ tags: [turned], broader: [{ name: 'insect', confidence: 0.52 }] });
    expect(found).toMatchObject({ images: 1, changed: 0, gained: {}, lost: {}, moved: {}, examples: [] });
  });
});
