import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { imageId, SHARDS, shardOf } from '../src/keys.ts';
import { postingKey, postingsOf } from '../src/postings.ts';
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
    for (let i = 0; i < 8000; i++) counts[shardOf(imageId({ bucket: 'photos', key: `${i}.jpg` }))]!++;
    for (const count of counts) expect(Math.abs(count - 8000 / SHARDS)).toBeLessThan(150);
  });
});

describe('postings', () => {
  const names = (
    tags: Parameters<typeof postingsOf>[1]['tags'],
    broader = [] as { name: string; confidence: number }[],
  ) => postingsOf(id, { tags, broader }).map((posting) => posting.replace(/^(\d+)#\d+#/, '$1 '));

  test('are the tags, the broader tags and the parents, each once', () => {
    const tags = [tag('collie', 0.5, 'dog', 'animal'), tag('pug', 0.25, 'dog', 'animal')];
    expect(names(tags, [{ name: 'dog', confidence: 0.9 }])).toEqual([
      '05000 collie',
      '07500 pug',
      '01000 dog',
      '02500 animal',
    ]);
  });

  test('sort by confidence, highest first, at its bounds too', () => {
    const keys = [1, 0.8, 0.10001, 0].map(
      (confidence) => postingKey(id, postingsOf(id, { tags: [tag('x', confidence)], broader: [] })[0]!).sk,
    );
    expect([...keys].sort()).toEqual(keys);
  });

  test('have the tag in lower case and whole, whatever is in it', () => {
    const [posting] = postingsOf(id, { tags: [tag('Hot#Dog 1#2', 1)], broader: [] });
    expect(postingKey(id, posting!)).toEqual({ pk: `T#hot#dog 1#2#${shardOf(id)}`, sk: `00000#${id}` });
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
