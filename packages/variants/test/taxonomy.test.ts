import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Label } from '@tagmill/core';
import { lintTaxonomy } from '../src/index.ts';

const root = path.join(import.meta.dirname, '../../..');
const labels: Label[] = JSON.parse(fs.readFileSync(path.join(root, 'models/labels/everyday.json'), 'utf8'));
const vocabulary = fs.readFileSync(path.join(root, 'models/training/vocabulary.txt'), 'utf8');
const parentsOf = new Map(labels.map(({ name, parents }) => [name, parents]));

describe('the everyday labels', () => {
  test('are those of the vocabulary, in the order of the classes', () => {
    const lines = vocabulary.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
    const broader = new Set(labels.flatMap(({ parents }) => parents));
    const leaves = lines.map((line) => line.split('|')[0]!.trim());
    expect(labels.map(({ name }) => name)).toEqual([...leaves, ...broader.difference(new Set(leaves))]);
    expect(labels.map(({ index }) => index)).toEqual(labels.map((_, i) => i));
  });

  test('end with the broader tags that are no labels', () => {
    const isBroader = labels.map((label) => label.isBroader === true);
    expect(isBroader).toEqual(isBroader.toSorted());
    expect(isBroader.filter(Boolean)).toHaveLength(74);
  });

  test('have a WordNet id of their own, or none', () => {
    const wnids = labels.flatMap(({ wnid }) => wnid ?? []);
    expect(new Set(wnids).size).toBe(wnids.length);
  });

  test('are without fault to the linter: every word means one thing, and has its place', () => {
    expect(lintTaxonomy(labels)).toEqual([]);
  });

  test('are words as people type them, without stray spaces', () => {
    const words = labels.flatMap(({ name, synonyms, parents }) => [name, ...synonyms, ...parents]);
    expect(words.filter((word) => !/^[A-Za-z][A-Za-z0-9]*(?:[ '-][A-Za-z]+)*$/.test(word))).toEqual([]);
  });

  test.each(['person', 'dog', 'cat', 'horse', 'bird', 'bicycle', 'aeroplane', 'sofa', 'beach'])('have a %s', (word) => {
    expect(labels.some(({ name, synonyms }) => [name, ...synonyms].includes(word))).toBe(true);
  });
});

describe('the broader tags', () => {
  test('that are labels bring what is above them, after them: so there is no cycle', () => {
    const breaches = labels.flatMap(({ name, parents }) =>
      parents.flatMap((parent, i) =>
        (parentsOf.get(parent) ?? [])
          .filter((above) => parents.indexOf(above) <= i)
          .map((above) => `${name}: ${above} must follow ${parent}`),
      ),
    );
    expect(breaches).toEqual([]);
  });

  test.each([
    ['golden retriever', ['dog', 'pet', 'mammal', 'animal']],
    ['dog', ['pet', 'mammal', 'animal']],
    ['lemon', ['citrus', 'fruit', 'food', 'food and drink']],
    ['aqueduct', ['bridge', 'structure', 'outdoors']],
  ])('find %s', (name, parents) => {
    expect(parentsOf.get(name)).toEqual(parents);
  });
});
