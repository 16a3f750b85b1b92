import { type Rules, renameTag } from '@tagmill/rules';
import type { Correction } from '@tagmill/tag-store';

/** For tests of rules and corrections: objects, rules, things said, and what an image is found by, most naively. */
export const TEXTS = ['collie 0.8 dog, tabby 0.3 cat', 'tabby 0.7 cat, pug 0.4 dog', ''];

export const RULES: Rules[] = [
  { tags: {} },
  { tags: { collie: { rename: 'sheepdog' }, tabby: { rename: 'tiger cat' } } },
  { tags: { collie: { rename: 'border collie', parents: ['herder'] }, tabby: { minConfidence: 0.5 } } },
  { tags: { pug: { hidden: true }, cat: { hidden: true } } },
];

export type Said = { add?: [name: string, parent?: string]; remove?: string; forget?: string };

export const SAYINGS: Said[] = [
  { add: ['pug', 'dog'] },
  { add: ['party'] },
  { remove: 'collie' },
  { remove: 'tabby' },
  { remove: 'dog' },
  { remove: 'party' },
  { forget: 'party' },
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
  { tags: rules }: Rules,
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
  for (const { name, confidence } of tags) found.set(name, confidence);
  const names = new Set(tags.map(({ name }) => name));
  for (const { confidence, parents } of tags) for (const name of parents) if (!names.has(name)) raise(name, confidence);
  const all = [...found].map(([name, confidence]): [string, number] => [name, Math.round(confidence * 1e4)]).sort();
  const lowest = tags.filter(({ name }) => !tags.some(({ parents }) => parents.includes(name)));
  return { names: all, postings: all.filter(([name]) => !lowest.some(({ parents }) => parents.includes(name))) };
}
