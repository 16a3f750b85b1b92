/**
 * Writes models/labels/imagenet.json: what ImageNet's classes are called and what stands above them, from WordNet 3.0 (its licence
 * allows any use) and the tables of plain names in scripts/imagenet. The classes are those that the file has already, by WordNet id.
 *
 *   node scripts/write-imagenet-labels.ts WORDNET/dict
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { type Label, tagKey } from '@tagmill/core';
import { BROADER, NOT_BOTH, OWN } from './imagenet/broader.ts';
import { NAMES } from './imagenet/names.ts';

const FILE = path.join(import.meta.dirname, '../models/labels/imagenet.json');

interface Synset {
  words: string[];
  hypernyms: string[];
}

const [dictionary] = process.argv.slice(2);
if (!dictionary) {
  process.stderr.write('Usage: node scripts/write-imagenet-labels.ts WORDNET/dict\n');
  process.exit(2);
}
const synsets = await readNouns(path.join(dictionary, 'data.noun'));
const classes: string[] = JSON.parse(await fs.readFile(FILE, 'utf8'))
  .slice(1)
  .map(({ wnid }: Label) => wnid);
for (const wnid of Object.keys(NAMES)) if (!classes.includes(wnid)) throw new Error(`${wnid} is no class`);
for (const wnid of Object.keys(BROADER)) if (!synsets.has(wnid)) throw new Error(`WordNet has no ${wnid}`);

const unordered = classes.map((wnid) => {
  const name = NAMES[wnid] ?? synsets.get(wnid)!.words[0]!;
  return { wnid, name, parents: OWN[name] ?? parentsOf(wnid, name) };
});
for (const name of Object.keys(OWN)) {
  if (!unordered.some((each) => each.name === name)) throw new Error(`No class is called ${name}`);
}
// The narrower, the nearer: in WordNet a dog is an animal by one way sooner than a mammal by another.
const sizes = Map.groupBy(
  unordered.flatMap(({ parents }) => parents),
  (parent) => parent,
);
const sizeOf = (parent: string) => sizes.get(parent)!.length;
const named = unordered.map(({ parents, ...rest }) => ({
  ...rest,
  parents: parents.toSorted((a, b) => sizeOf(a) - sizeOf(b)),
}));
const taken = new Map(
  [...named.flatMap(({ parents }) => parents), ...named.map(({ name }) => name)].map((word) => [tagKey(word), 1]),
);
for (const { wnid } of named) {
  for (const key of new Set(synsets.get(wnid)!.words.map(tagKey))) taken.set(key, (taken.get(key) ?? 0) + 1);
}
const labels: Label[] = [{ index: 0, name: 'background', synonyms: [], parents: [] }];
for (const { wnid, name, parents } of named) {
  // A word that another class or a broader tag has as well stands for neither.
  const others = synsets
    .get(wnid)!
    .words.filter((word) => taken.get(tagKey(word)) === 1 && tagKey(word) !== tagKey(name));
  const synonyms = others.filter((word, i) => others.findIndex((each) => tagKey(each) === tagKey(word)) === i);
  labels.push({ index: labels.length, wnid, name, synonyms, parents });
}
await fs.writeFile(FILE, `[\n${labels.map((label) => `  ${JSON.stringify(label)}`).join(',\n')}\n]\n`);

/** Names of the synsets above a class, and what is above a name in everyday life. */
function parentsOf(wnid: string, name: string): string[] {
  const found: string[] = [];
  let level = [wnid];
  while (level.length > 0) {
    for (const each of level) found.push(...(BROADER[each] ?? []));
    level = [...new Set(level.flatMap((each) => synsets.get(each)!.hypernyms))];
  }
  const isLeft = (each: string) => !NOT_BOTH[each]?.some((other) => found.includes(other));
  return [...new Set(found)].filter((each) => isLeft(each) && tagKey(each) !== tagKey(name));
}

/** By WordNet id: `n` and the offset. Fields as wndb(5WN) describes them. */
async function readNouns(file: string): Promise<Map<string, Synset>> {
  const lines = (await fs.readFile(file, 'latin1')).split('\n').filter((line) => /^\d/.test(line));
  return new Map(
    lines.map((line) => {
      const [offset, , , count, ...rest] = line.split(' | ')[0]!.trim().split(' ');
      const words = 2 * Number.parseInt(count!, 16);
      const pointers = rest.slice(words + 1);
      const hypernyms = pointers.flatMap((symbol, i) =>
        i % 4 === 0 && (symbol === '@' || symbol === '@i') ? [`n${pointers[i + 1]}`] : [],
      );
      return [
        `n${offset}`,
        {
          words: rest
            .slice(0, words)
            .filter((_, i) => i % 2 === 0)
            .map((word) => word.replaceAll('_', ' ')),
          hypernyms,
        },
      ];
    }),
  );
}
