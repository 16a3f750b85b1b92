import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Label } from '@tagmill/core';
import { readLabelledPhotos } from '../src/labelled-photos.ts';

const labels: Label[] = [
  { index: 0, name: 'collie', wnid: 'n02106030', synonyms: ['sheepdog'], parents: ['dog', 'animal'] },
  { index: 1, name: 'dog', synonyms: [], parents: ['animal'] },
  { index: 2, name: 'cat', synonyms: [], parents: ['animal'] },
  { index: 3, name: 'beach', synonyms: [], parents: ['place'] },
];
const NAMES = ['collie', 'dog', 'cat', 'animal', 'beach', 'place'];

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'labelled-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
};
/** The tags that are on each photo, that aren't, and that nobody knows. */
const truths = async () => {
  const { photos } = await readLabelledPhotos(folder, labels);
  const named = (isOn: (name: string) => boolean | undefined, is: boolean | undefined) =>
    NAMES.filter((name) => isOn(name) === is).join(' ');
  return photos.map(({ isOn }) => ({
    yes: named(isOn, true),
    no: named(isOn, false),
    unknown: named(isOn, undefined),
  }));
};

describe('a list of labelled photos', () => {
  test.each([
    ['above what is there is there', { yes: ['collie'], no: [] }, ['collie dog animal', '', 'cat beach place']],
    ['below what isn’t there nothing is', { yes: [], no: ['animal'] }, ['', 'collie dog cat animal', 'beach place']],
    ['nor is what nothing below is there of', { yes: [], no: ['beach'] }, ['', 'beach place', 'collie dog cat animal']],
    ['the rest isn’t there', { yes: ['beach'], no: 'rest' }, ['beach place', 'collie dog cat animal', '']],
    [
      'but for what isn’t known',
      { yes: ['cat'], no: 'rest', unknown: ['beach'] },
      ['cat animal', 'collie dog', 'beach place'],
    ],
    ['which dog it is isn’t known', { yes: ['dog'], no: 'rest' }, ['dog animal', 'cat beach place', 'collie']],
  ])('says what is on a photo: %s', async (_, said, [yes, no, unknown]) => {
    write('labels.jsonl', `${JSON.stringify({ file: 'a.jpg', ...said })}\n`);
    expect(await truths()).toEqual([{ yes, no, unknown }]);
  });

  test('names each file beside it, and states how frequent tags are', async () => {
    write('labels.jsonl', '{"file":"x/a.jpg","yes":[],"no":[]}\n\n{"file":"b.jpg","yes":[],"no":[]}');
    write('x/a.jpg', 'an image');
    write('prevalence.json', '{"dog":0.05}');
    const { photos, prevalences } = await readLabelledPhotos(folder, labels);
    expect(photos).toHaveLength(2);
    expect(Buffer.from(await photos[0]!.read()).toString()).toBe('an image');
    expect([...prevalences]).toEqual([['dog', 0.05]]);
  });

  test.each([
    ['{"file":"a.jpg","yes":["wolf"],"no":[]}', /labels.jsonl:1: no label or broader tag is called "wolf"/],
    ['{"file":"a.jpg","yes":[],"no":"some"}', /labels.jsonl:1: /],
    ['{"file":', /labels.jsonl:1 is not JSON/],
  ])('is refused with the line that makes no sense: %s', async (text, message) => {
    write('labels.jsonl', text);
    await expect(readLabelledPhotos(folder, labels)).rejects.toThrow(message);
  });
});

describe('photos in folders', () => {
  test.each([
    ['a label’s name', 'Beach', { yes: 'beach place', unknown: '' }],
    ['a synonym', 'sheepdog', { yes: 'collie dog animal', unknown: '' }],
    ['a WordNet id', 'n02106030', { yes: 'collie dog animal', unknown: '' }],
    ['a broader tag', 'animal', { yes: 'animal', unknown: 'collie dog cat' }],
  ])('show what their folder is called by: %s', async (_, name, expected) => {
    write(`${name}/deeper/a.jpg`, '');
    expect(await truths()).toMatchObject([expected]);
  });

  test('are refused if no tag is called like their folder, or there is none', async () => {
    await expect(readLabelledPhotos(folder, labels)).rejects.toThrow('has no labels.jsonl and no folders');
    write('wolves/a.jpg', '');
    await expect(readLabelledPhotos(folder, labels)).rejects.toThrow('wolves: no label or broader tag is called so');
  });
});
