import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Label, tagKey } from '@tagmill/core';
import { lintTaxonomy } from '@tagmill/variants';
import { ROOT } from '../../../../test/helpers/command.ts';
import { plainLabels } from '../../src/models/imagenet-labels.ts';
import { parseLabels } from '../../src/models/label-file.ts';

const plain: Label[] = JSON.parse(fs.readFileSync(path.join(ROOT, 'models/labels/imagenet.json'), 'utf8'));
const file = path.join(ROOT, '../shared/data/official/imagenet_labels.txt');
const withData = fs.existsSync(file) ? test : test.skip;
const below = (name: string) => plain.filter(({ parents }) => parents.includes(name)).map((label) => label.name);

describe('ImageNet’s labels', () => {
  test('are a thousand in the order of their WordNet ids, after the background', () => {
    expect(plain).toHaveLength(1001);
    expect(plain[0]!.name).toBe('background');
    const ids = plain.slice(1).map(({ wnid }) => wnid!);
    expect(ids).toEqual([...new Set(ids)].sort());
    plain.forEach(({ index }, i) => expect(index).toBe(i));
  });

  test('have no word with two meanings, no cycle, and nothing that no query can ask for', () => {
    expect(lintTaxonomy(plain).filter(({ kind }) => kind !== 'orphan')).toEqual([]);
    expect(new Set(plain.map(({ name }) => tagKey(name))).size).toBe(1001);
  });

  test('have all but a dozen something above them', () => {
    expect(plain.filter(({ parents }) => parents.length === 0).length).toBeLessThanOrEqual(12);
  });

  test('find every breed of dog by its kind, and other things by theirs', () => {
    expect(below('dog')).toHaveLength(118);
    expect(below('dog')).toEqual(expect.arrayContaining(['collie', 'pug', 'Pembroke corgi', 'Siberian husky']));
    expect(below('cat')).toEqual(['tabby cat', 'tiger cat', 'Persian cat', 'Siamese cat', 'Egyptian Mau']);
    expect(below('bird')).toHaveLength(59);
    for (const [name, parent] of [
      ['macaw', 'parrot'],
      ['sports car', 'vehicle'],
      ['school bus', 'vehicle'],
      ['rocking chair', 'furniture'],
      ['pizza', 'food'],
      ['scuba diver', 'person'],
      ['daisy', 'flower'],
      ['acoustic guitar', 'musical instrument'],
      ['soccer ball', 'sports'],
    ] as const) {
      expect(below(parent)).toContain(name);
    }
  });

  test('tell the two cranes and the two maillots apart', () => {
    expect([135, 518, 639, 640].map((index) => plain[index]!.name)).toEqual([
      'crane bird',
      'construction crane',
      'one-piece swimsuit',
      'tank swimsuit',
    ]);
  });

  withData('stand in for the publisher’s label file (needs ../shared)', async () => {
    const published = parseLabels(fs.readFileSync(file, 'utf8'), { file, classes: 1001 });
    expect(await plainLabels(published)).toEqual(plain);
    // As TensorFlow's guides have them: one word a class.
    expect(await plainLabels(published.map((label) => ({ ...label, synonyms: [] })))).toEqual(plain);
  });

  test('don’t stand in for others, however many', async () => {
    const others = plain.map((label) => ({ ...label, name: `class ${label.index}` }));
    expect(await plainLabels(others)).toBe(others);
    expect(await plainLabels(plain.slice(1))).toEqual(plain.slice(1));
  });
});
