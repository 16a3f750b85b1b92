import { describe, expect, test } from '@jest/globals';
import { type Corrections, correctRecord } from '../src/index.ts';
import { record, tag } from './records.ts';

const bee = tag('bee', 0.48, 'insect', 'animal');
const wasp = tag('wasp', 0.2, 'insect', 'animal');
const daisy = tag('daisy', 0.4, 'flower', 'plant');
const own = (tags: ReturnType<typeof tag>[], broader: [string, number][]) =>
  record('a.jpg', tags, { broader: broader.map(([name, confidence]) => ({ name, confidence })) });

function corrected(of: ReturnType<typeof record>, said: { add?: ReturnType<typeof tag>[]; remove?: string[] }) {
  const corrections: Corrections = {
    sha256: of.image.sha256!,
    added: (said.add ?? []).map(({ name, parents }) => ({ name, parents })),
    removed: (said.remove ?? []).map((name) => ({ name })),
  };
  const { tags, broader } = correctRecord(of, corrections);
  return { tags: tags.map(({ name }) => name), broader: broader.map(({ name, confidence }) => [name, confidence]) };
}

describe('broader tags', () => {
  test('go with the tag that they were seen by', () => {
    const of = own(
      [bee, daisy],
      [
        ['insect', 0.52],
        ['animal', 0.55],
        ['flower', 0.6],
      ],
    );
    expect(corrected(of, { remove: ['bee'] })).toEqual({ tags: ['daisy'], broader: [['flower', 0.6]] });
    expect(corrected(of, { remove: ['Bee', 'daisy'] })).toEqual({ tags: [], broader: [] });
  });

  test('stay as far as others are seen below them', () => {
    const of = own(
      [bee, wasp],
      [
        ['animal', 0.95],
        ['insect', 0.7],
      ],
    );
    expect(corrected(of, { remove: ['bee'] })).toEqual({ tags: ['wasp'], broader: [['animal', 0.47]] });
    expect(corrected(of, { remove: ['wasp'] })).toEqual({
      tags: ['bee'],
      broader: [
        ['animal', 0.75],
        ['insect', 0.5],
      ],
    });
  });

  test('that are as sure as their surest tag are so without the others', () => {
    const of = own([bee, tag('wasp', 0.45, 'insect')], [['insect', 0.48]]);
    expect(corrected(of, { remove: ['bee'] }).broader).toEqual([['insect', 0.45]]);
  });

  test('are certain where a person says what is below them', () => {
    const of = own([bee], [['insect', 0.52]]);
    expect(corrected(of, { remove: ['bee'], add: [wasp] })).toEqual({ tags: ['wasp'], broader: [['insect', 1]] });
  });

  test('of what is above a removed tag go with all that is below it', () => {
    const of = own(
      [bee, wasp],
      [
        ['animal', 0.7],
        ['insect', 0.68],
      ],
    );
    expect(corrected(of, { remove: ['insect'] })).toEqual({ tags: [], broader: [] });
  });

  test('that have nothing to do with it stay as they are', () => {
    const of = own([bee, daisy], [['vehicle', 0.31]]);
    expect(corrected(of, { remove: ['bee'] }).broader).toEqual([['vehicle', 0.31]]);
  });
});
