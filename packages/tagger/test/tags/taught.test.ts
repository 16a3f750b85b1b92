import { describe, expect, test } from '@jest/globals';
import { addTaught, surestOfCrops, type TaughtScore } from '../../src/tags/taught.ts';

const dog = { name: 'dog', confidence: 0.8, parents: ['animal'] };
const named = { outcome: 'tagged' as const, tags: [dog], broader: [] };
const empty = { outcome: 'empty' as const, tags: [], broader: [] };
const rex = (confidence: number): TaughtScore => ({ name: 'rex', confidence, shown: 0.6, sure: 0.9 });

describe('taught tags', () => {
  test('are shown from their own threshold on, sorted among the others', () => {
    const { tags } = addTaught(named, [rex(0.85)], { topN: 5, minConfidence: 'default' });
    expect(tags).toEqual([{ name: 'rex', confidence: 0.85, parents: [], source: 'taught' }, dog]);
    expect(addTaught(named, [rex(0.59)], { topN: 5, minConfidence: 'default' }).tags).toEqual([dog]);
  });

  test('are shown by --min-confidence as other tags are', () => {
    const shown = (confidence: number, minConfidence: number | 'sure') =>
      addTaught(empty, [rex(confidence)], { topN: 5, minConfidence }).tags.length;
    expect([shown(0.89, 'sure'), shown(0.9, 'sure')]).toEqual([0, 1]);
    expect([shown(0.29, 0.3), shown(0.3, 0.3), shown(0, 0)]).toEqual([0, 1, 1]);
    const neverSure = { ...rex(0.99), sure: null };
    expect(addTaught(empty, [neverSure], { topN: 5, minConfidence: 'sure' }).tags).toEqual([]);
  });

  test('make an image tagged that has no other tag', () => {
    expect(addTaught(empty, [rex(0.7)], { topN: 5, minConfidence: 'default' }).outcome).toBe('tagged');
    expect(addTaught(empty, [rex(0.1)], { topN: 5, minConfidence: 'default' })).toBe(empty);
  });

  test('count among the most that an image has', () => {
    expect(addTaught(named, [rex(0.7)], { topN: 1, minConfidence: 'default' }).tags).toEqual([dog]);
  });

  test('are as sure as the surest crop', () => {
    expect(surestOfCrops([[rex(0.2)], [rex(0.9)], [rex(0.4)]])).toEqual([rex(0.9)]);
    expect(surestOfCrops([])).toEqual([]);
  });
});
