import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Label } from '@tagmill/core';
import { lintTaxonomy } from '../src/index.ts';

const root = path.join(import.meta.dirname, '../../..');
const labels: Label[] = JSON.parse(fs.readFileSync(path.join(root, 'models/labels/everyday.json'), 'utf8'));
const dataSet = path.join(root, '../shared/data/tiny-imagenet/labels.json');

/** The decision page's tree: each broader tag, once, with the tags right above it. */
const tree = parseTree(fs.readFileSync(path.join(root, 'docs/decisions/taxonomy.md'), 'utf8'));

describe('the everyday labels', () => {
  test('are 200, in the order of the classes', () => {
    expect(labels.map(({ index }) => index)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    for (const { wnid } of labels) expect(wnid).toMatch(/^n\d{8}$/);
  });

  (fs.existsSync(dataSet) ? test : test.skip)('are those of the training set (needs ../shared)', () => {
    const trained: { wnid: string }[] = JSON.parse(fs.readFileSync(dataSet, 'utf8'));
    expect(labels.map(({ wnid }) => wnid)).toEqual(trained.map(({ wnid }) => wnid));
  });

  test('are without fault to the linter: every word means one thing, and has its place', () => {
    expect(lintTaxonomy(labels)).toEqual([]);
  });

  test('are words as people type them, without stray spaces', () => {
    const words = labels.flatMap(({ name, synonyms, parents }) => [name, ...synonyms, ...parents]);
    expect(words.filter((word) => !/^[A-Za-z][A-Za-z0-9]*(?:[ '-][A-Za-z]+)*$/.test(word))).toEqual([]);
  });
});

describe('the broader tags', () => {
  test('are those of the tree, all of them', () => {
    expect(new Set(labels.flatMap(({ parents }) => parents))).toEqual(new Set(tree.keys()));
  });

  test('bring what is above them wherever they stand, and after them: so there is no cycle', () => {
    const breaches = labels.flatMap(({ name, parents }) =>
      parents.flatMap((parent, i) =>
        (tree.get(parent) ?? [])
          .filter((above) => parents.indexOf(above) <= i)
          .map((above) => `${name}: ${above} must follow ${parent}`),
      ),
    );
    expect(breaches).toEqual([]);
  });

  test.each([
    ['golden retriever', ['retriever', 'dog', 'pet', 'mammal', 'animal']],
    ['goldfish', ['fish', 'pet', 'animal']],
    ['black widow', ['spider', 'arachnid', 'bug', 'animal']],
    ['lighthouse', ['tower', 'building', 'structure']],
    ['sports car', ['car', 'vehicle']],
    ['lemon', ['citrus', 'fruit', 'food']],
    ['espresso', ['coffee', 'drink']],
    ['crane', ['construction equipment', 'machine']],
    ['pipe organ', ['musical instrument', 'music']],
    ['seashore', ['landscape', 'water', 'nature']],
  ])('find %s', (name, parents) => {
    expect(labels.find((label) => label.name === name)?.parents).toEqual(parents);
  });

  test.each([
    ['animal', 58],
    ['dog', 6],
    ['cat', 3],
    ['bridge', 3],
    ['fruit', 4],
  ])('find by %s its %i labels and no other', (broader, count) => {
    expect(labels.filter(({ parents }) => parents.includes(broader))).toHaveLength(count);
  });
});

/** Reads lines such as `  - dog (also mammal)` under `- pet`. */
function parseTree(page: string): Map<string, string[]> {
  const lines = page.split('\n## The tree\n')[1]!;
  const aboves = new Map<string, string[]>();
  const branch: string[] = [];
  for (const [, indent, tag, also] of lines.matchAll(/^( *)- ([^(\n]+?)(?: \(also ([^)\n]+)\))?$/gm)) {
    const depth = indent!.length / 2;
    branch.splice(depth, Infinity, tag!);
    if (aboves.has(tag!)) throw new Error(`The tree has ${tag} twice`);
    aboves.set(tag!, [...branch.slice(depth - 1, depth), ...(also?.split(', ') ?? [])]);
  }
  return aboves;
}
