import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chooseShard, imageId, SHARDS } from '../src/keys.ts';
import { listNames, MAX_NAMES, makePostings, postingKey } from '../src/postings.ts';
import { mergeSorted } from '../src/query/merge.ts';
import { compareSequencers, laterSequencer } from '../src/sequencer.ts';
import { tag } from './records.ts';

const id = imageId({ bucket: 'photos', key: 'a.jpg' });

describe('an image id', () => {
  test('is short, and differs where bucket and key do', () => {
    expect(imageId({ bucket: 'b', key: 'k'.repeat(1024) })).toHaveLength(22);
    expect(imageId({ bucket: 'ab', key: 'c' })).not.toBe(imageId({ bucket: 'a', key: 'bc' }));
  });

  test('spreads images evenly over the shards', () => {
    const counts = new Array<number>(SHARDS).fill(0);
    for (let i = 0; i < 8000; i++) counts[chooseShard(imageId({ bucket: 'photos', key: `${i}.jpg` }))]!++;
    for (const count of counts) expect(Math.abs(count - 8000 / SHARDS)).toBeLessThan(150);
  });
});

describe('postings', () => {
  const names = (
    tags: Parameters<typeof listNames>[0]['tags'],
    broader = [] as { name: string; confidence: number }[],
  ) => listNames({ tags, broader }).map(({ name, confidence, through }) => [name, confidence, through]);

  test('are of the tags, the broader tags and the parents that no tag brings along', () => {
    const tags = [tag('collie', 0.5, 'dog', 'animal'), tag('pug', 0.25, 'dog', 'animal')];
    const broader = [
      { name: 'dog', confidence: 0.9 },
      { name: 'toy', confidence: 0.4 },
    ];
    expect(names(tags, broader)).toEqual([
      ['collie', 0.5, []],
      ['pug', 0.25, []],
      ['dog', 0.9, ['collie', 'pug']],
      ['toy', 0.4, []],
      ['animal', 0.75, ['collie', 'pug']],
    ]);
    expect(makePostings({ tags, broader })).toEqual(['05000#collie', '07500#pug', '06000#toy']);
  });

  test('are never found through a tag that is itself found through another, nor through itself', () => {
    expect(names([tag('Dog', 0.9, 'pet'), tag('collie', 0.5, 'dog')])).toEqual([
      ['Dog', 0.9, ['collie']],
      ['collie', 0.5, []],
      ['pet', 0.9, []],
    ]);
    expect(names([tag('a', 0.9, 'b'), tag('b', 0.5, 'a'), tag('c', 0.1, 'c')])).toEqual([
      ['a', 0.9, []],
      ['b', 0.5, []],
      ['c', 0.1, []],
    ]);
  });

  test('of the names that there is room for bring along no others', () => {
    const tags = Array.from({ length: MAX_NAMES + 1 }, (_, i) => tag(`${i}`, 0.5, `${i - 1}`));
    expect(names(tags).map(([name, , through]) => [name, through])).toEqual(
      Array.from({ length: MAX_NAMES }, (_, i) => [`${i}`, []]),
    );
  });

  test('sort by confidence, highest first, at its bounds too', () => {
    const keys = [1, 0.8, 0.10001, 0].map(
      (confidence) => postingKey(id, makePostings({ tags: [tag('x', confidence)], broader: [] })[0]!).sk,
    );
    expect([...keys].sort()).toEqual(keys);
  });

  test('have the tag in lower case and whole, whatever is in it', () => {
    const [posting] = makePostings({ tags: [tag('Hot#Dog 1#2', 1)], broader: [] });
    expect(postingKey(id, posting!)).toEqual({ pk: 'T#hot#dog 1#2', sk: `00000#${id}` });
  });
});

describe('sequencers', () => {
  test('are compared padded on the right, in either case', () => {
    expect(compareSequencers('0055AED6', '0055AED6DCD9')).toBeLessThan(0);
    expect(compareSequencers('0056', '0055AED6DCD9')).toBeGreaterThan(0);
    expect(compareSequencers('00aa', '00AA0')).toBe(0);
  });

  test('that are missing never win', () => {
    expect(laterSequencer(undefined, '01')).toBe('01');
    expect(laterSequencer('01', undefined)).toBe('01');
    expect(laterSequencer(undefined, undefined)).toBeUndefined();
  });
});

test('merging sorted sequences gives what sorting them would', async () => {
  const sequences = fc.array(fc.array(fc.integer()).map((numbers) => numbers.sort((a, b) => a - b)));
  await fc.assert(
    fc.asyncProperty(sequences, async (lists) => {
      const sources = lists.map(async function* (list) {
        yield* list;
      });
      expect(await Array.fromAsync(mergeSorted(sources, (a, b) => a - b))).toEqual(lists.flat().sort((a, b) => a - b));
    }),
  );
});
