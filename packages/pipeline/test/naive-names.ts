import { type Rules, renameTag } from '@tagmill/rules';
import type { Correction } from '@tagmill/tag-store';
import type { StoredTag } from '@tagmill/teach/stored-tags';
import { type VersionedRuleSet, versionRuleSet } from '../src/index.ts';
import { FAKE_SPACE, FAKE_VARIANT, showsCollie } from './fake-bucket.ts';

/** For tests of rules and corrections: objects, rules, things said, and what an image is found by, most naively. */
export const TEXTS = ['collie 0.8 dog, tabby 0.3 cat', 'tabby 0.7 cat, pug 0.4 dog', ''];

const RULES: Rules[] = [
  { tags: {} },
  { tags: { collie: { rename: 'sheepdog' }, tabby: { rename: 'tiger cat' } } },
  { tags: { collie: { rename: 'border collie', parents: ['herder'] }, tabby: { minConfidence: 0.5 } } },
  { tags: { pug: { hidden: true }, cat: { hidden: true } } },
];

/** A tag that was taught: what shows a collie is rex by 90%, anything else by 10%. */
export const REX: StoredTag = {
  schemaVersion: 1,
  name: 'rex',
  family: 'test',
  variant: FAKE_VARIANT,
  space: FAKE_SPACE,
  method: 'logistic-regression',
  head: { weights: [1, 0], bias: 0 },
  prevalence: 0.01,
  expected: { [FAKE_VARIANT]: { slope: Math.log(9), offset: 0, shown: 0.5, sure: 0.5, precision: 1, recall: 1 } },
  exampleCount: 10,
  notCount: 0,
  skippedCount: 0,
  taughtAt: '2026-12-01T00:00:00.000Z',
};

/** What may be in force: rules alone, and two of them with a tag that was taught. */
export const RULE_SETS: VersionedRuleSet[] = [
  ...RULES.map((rules) => ({ rules })),
  ...RULES.slice(0, 2).map((rules) => ({ rules, taught: [REX] })),
].map(versionRuleSet);

export const NO_SET: VersionedRuleSet = RULE_SETS[0]!;

export type Said = { add?: [name: string, parent?: string]; remove?: string; forget?: string };

export const SAYINGS: Said[] = [
  { add: ['pug', 'dog'] },
  { add: ['party'] },
  { remove: 'collie' },
  { remove: 'tabby' },
  { remove: 'dog' },
  { remove: 'party' },
  { forget: 'party' },
  { add: ['rex'] },
  { remove: 'rex' },
  { forget: 'dog' },
];

export function correctionOf({ add, remove, forget }: Said, rules: Rules): Correction {
  return {
    add: add ? [{ name: add[0], parents: add.slice(1) as string[] }] : [],
    remove: remove === undefined ? [] : [{ name: renameTag(remove, rules), label: remove }],
    forget: forget === undefined ? [] : [forget],
  };
}

/** By name, a confidence in ten-thousandths; sorted. */
type Names = [string, number][];

/**
 * The names that find an image, most naively, and those of them with postings: the names that no other name brings along.
 */
export function expectedNames(
  text: string | undefined,
  { rules: { tags: rules }, taught = [] }: VersionedRuleSet,
  said: readonly Said[],
): { names: Names; postings: Names } {
  if (text === undefined) return { names: [], postings: [] };
  const yes = new Map<string, string[]>();
  const no = new Set<string>();
  for (const { add, remove, forget } of said) {
    if (add) {
      yes.set(add[0], add.slice(1) as string[]);
      for (const name of add) no.delete(name!);
    }
    for (const name of [remove, forget].filter((each) => each !== undefined)) {
      yes.delete(name);
      no.delete(name);
    }
    if (remove === undefined) continue;
    no.add(remove);
    for (const [name, parents] of yes) if (parents.includes(remove)) yes.delete(name);
  }
  const found = new Map<string, number>();
  const raise = (name: string, by: number) => found.set(name, Math.min(1, (found.get(name) ?? 0) + by));
  const tags = [...yes].map(([name, parents]) => ({ name, confidence: 1, parents }));
  for (const each of text === '' ? [] : text.split(', ')) {
    const [label, confidence, ...own] = each.split(' ') as [string, string, ...string[]];
    const { hidden = false, minConfidence = 0, rename = label, parents = [] } = rules[label] ?? {};
    const above = [...own, ...parents].filter((name) => !rules[name]?.hidden);
    const isCut = hidden || Number(confidence) < minConfidence;
    const isCorrected = yes.has(rename) || no.has(label) || above.some((name) => no.has(name));
    if (!isCut && !isCorrected) tags.push({ name: rename, confidence: Number(confidence), parents: above });
  }
  for (const { name } of taught) {
    if (!yes.has(name) && !no.has(name)) tags.push({ name, confidence: showsCollie(text) ? 0.9 : 0.1, parents: [] });
  }
  for (const { name, confidence } of tags) found.set(name, confidence);
  const names = new Set(tags.map(({ name }) => name));
  for (const { confidence, parents } of tags) for (const name of parents) if (!names.has(name)) raise(name, confidence);
  const all = [...found].map(([name, confidence]): [string, number] => [name, Math.round(confidence * 1e4)]).sort();
  const lowest = tags.filter(({ name }) => !tags.some(({ parents }) => parents.includes(name)));
  return { names: all, postings: all.filter(([name]) => !lowest.some(({ parents }) => parents.includes(name))) };
}
