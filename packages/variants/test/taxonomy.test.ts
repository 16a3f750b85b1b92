import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Label } from '@tagmill/core';

const root = path.join(import.meta.dirname, '../../..');
const labels: Label[] = JSON.parse(fs.readFileSync(path.join(root, 'models/labels/everyday.json'), 'utf8'));
const dataSet = path.join(root, '../shared/data/tiny-imagenet/labels.json');

const key = (name: string) => name.toLowerCase();
const parentNames = new Set(labels.flatMap(({ parents }) => parents).map(key));

describe('the everyday labels', () => {
  test('are 200, in the order of the classes', () => {
    expect(labels.map(({ index }) => index)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    for (const { wnid } of labels) expect(wnid).toMatch(/^n\d{8}$/);
  });

  (fs.existsSync(dataSet) ? test : test.skip)('are those of the training set (needs ../shared)', () => {
    const trained: { wnid: string }[] = JSON.parse(fs.readFileSync(dataSet, 'utf8'));
    expect(labels.map(({ wnid }) => wnid)).toEqual(trained.map(({ wnid }) => wnid));
  });

  test('mean one thing each: no name or synonym stands for two of them, or for a broader tag', () => {
    const meanings = labels.flatMap(({ name, synonyms }) => [name, ...synonyms]).map(key);
    expect(meanings.filter((name, i) => meanings.indexOf(name) !== i)).toEqual([]);
    expect(meanings.filter((name) => parentNames.has(name))).toEqual([]);
  });

  test('have a broader tag each', () => {
    expect(labels.filter(({ parents }) => parents.length === 0).map(({ name }) => name)).toEqual([]);
  });
});

describe('the broader tags', () => {
  /** What stands above a tag wherever it occurs: the intersection of what follows it. */
  const above = new Map<string, Set<string>>();
  for (const { parents } of labels) {
    parents.forEach((parent, i) => {
      const following = new Set(parents.slice(i + 1));
      above.set(parent, above.get(parent)?.intersection(following) ?? following);
    });
  }

  test('run from near to far, without cycles', () => {
    for (const [parent, ancestors] of above) {
      for (const ancestor of ancestors) {
        expect(`${ancestor} above ${parent}: ${above.get(ancestor)?.has(parent)}`).toMatch(/false$/);
      }
    }
  });

  test('bring what is above them wherever they stand: every dog is a pet, a mammal and an animal', () => {
    for (const { name, parents } of labels) {
      const missing = parents.flatMap((parent) => [...above.get(parent)!].filter((each) => !parents.includes(each)));
      expect([name, missing]).toEqual([name, []]);
    }
    expect([...above.get('dog')!].sort()).toEqual(['animal', 'mammal', 'pet']);
  });

  test.each([
    ['golden retriever', 'dog'],
    ['tabby cat', 'animal'],
    ['espresso', 'drink'],
    ['lighthouse', 'tower'],
    ['school bus', 'vehicle'],
    ['lemon', 'fruit'],
    ['black widow', 'spider'],
  ])('find %s under %s', (name, parent) => {
    expect(labels.find((label) => label.name === name)?.parents).toContain(parent);
  });
});
