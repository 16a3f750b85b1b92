import type { Outcome } from '@tagmill/core';
import { ANY_CONFIDENCE, CERTAIN, type Confidences } from '../expression/confidences.ts';
import { OUTCOMES } from '../expression/expression.ts';
import type { Predicate, TagsAsked } from '../expression/matches.ts';
import type { Operator } from '../expression/syntax.ts';

/** What is read to answer a question, in its order. Every image that is asked for is in it; the question filters the rest. */
export type AccessPath = TagAccessPath | OutcomeAccessPath;

/** Postings, most confident first, by whichever name an image is posted under. */
export interface TagAccessPath {
  by: 'tags';
  lists: { tag: string; confidences: Confidences }[];
}

/** Index entries, newest first. */
export interface OutcomeAccessPath {
  by: 'outcomes';
  outcomes: Outcome[];
  /** Texts that the times, when they were tagged, lie between. */
  from: string;
  to: string;
}

/** Most lists of postings that are merged without a thought: each is a query. */
const MANY_LISTS = 24;

/** What a list costs beside its entries: a request. */
const ENTRIES_A_LIST = 30;

/** Most lists of postings that are ever merged. */
const MOST_LISTS = 100;

/** Before and after every other character that is in a time or an id. */
const FIRST = ' ';
export const LAST = '~';

/** All images. */
export const EVERYTHING: OutcomeAccessPath = { by: 'outcomes', outcomes: [...OUTCOMES], from: FIRST, to: LAST };

/** Whether an access path passes over no image. */
export function isEverything({ by, ...path }: AccessPath): boolean {
  return (
    by === 'outcomes' &&
    'from' in path &&
    path.from === FIRST &&
    path.to === LAST &&
    path.outcomes.length === OUTCOMES.length
  );
}

/** All that can have a name. */
const LOOKED_AT: OutcomeAccessPath = { ...EVERYTHING, outcomes: ['tagged', 'empty'] };

export interface ChooseAccessPathOptions {
  /** About how many entries an access path has; asked only where there is a choice. */
  measure: (path: AccessPath) => Promise<number>;
}

/**
 * Chooses the access path of a question, and perhaps another for where that turns out badly. Mostly it is the shortest alone. A name
 * with very many below it, such as `animal`, is likely on many images: the newest ones are looked through first, and all its lists
 * are merged only if too few of them have it. Where there is no shorter path, the whole index is read, which has every image.
 */
export async function chooseAccessPaths(
  predicate: Predicate,
  { measure }: ChooseAccessPathOptions,
): Promise<AccessPath[]> {
  const byTags = await accessByTags(predicate, measure);
  const paths = [byTags, accessByOutcome(predicate)]
    .filter((path) => path !== undefined)
    .filter((path) => !isWide(path));
  if (paths.length > 0) return [await shortest(paths, measure)];
  if (byTags) return byTags.lists.length > MOST_LISTS ? [LOOKED_AT] : [LOOKED_AT, byTags];
  return [EVERYTHING];
}

function isWide(path: AccessPath): boolean {
  return path.by === 'tags' && path.lists.length > MANY_LISTS;
}

/** A conjunction is found by one of its terms, a disjunction by all of its terms together. */
async function accessByTags(
  predicate: Predicate,
  measure: ChooseAccessPathOptions['measure'],
): Promise<TagAccessPath | undefined> {
  if (predicate.kind === 'tags') return { by: 'tags', lists: listsOf(predicate) };
  if (predicate.kind !== 'and' && predicate.kind !== 'or') return undefined;
  const paths = await Promise.all(predicate.terms.map((term) => accessByTags(term, measure)));
  const found = paths.filter((path) => path !== undefined);
  if (predicate.kind === 'and') return found.length > 0 ? shortestOfTags(found, measure) : undefined;
  return found.length === paths.length
    ? { by: 'tags', lists: together(found.flatMap(({ lists }) => lists)) }
    : undefined;
}

/** Each list once, with all confidences that any of its occurrences has. */
function together(lists: TagAccessPath['lists']): TagAccessPath['lists'] {
  const byTag = new Map<string, Confidences>();
  for (const { tag, confidences } of lists) {
    const { from, to } = byTag.get(tag) ?? confidences;
    byTag.set(tag, { from: Math.min(from, confidences.from), to: Math.max(to, confidences.to) });
  }
  return [...byTag].map(([tag, confidences]) => ({ tag, confidences }));
}

/**
 * An image can carry a name through several of its tags. The index stores one posting for each, with that tag's confidence; any of
 * them finds the image.
 */
function listsOf({ tags, below, confidences }: TagsAsked): TagAccessPath['lists'] {
  const own = tags.filter((tag) => !below.includes(tag)).map((tag) => ({ tag, confidences }));
  return [...own, ...below.map((tag) => ({ tag, confidences: ANY_CONFIDENCE }))];
}

/** Counting very many lists takes longer than reading a few. */
async function shortestOfTags(
  paths: readonly TagAccessPath[],
  measure: ChooseAccessPathOptions['measure'],
): Promise<TagAccessPath> {
  const few = paths.filter((path) => !isWide(path));
  if (few.length > 0) return shortest(few, measure);
  return paths.reduce((a, b) => (b.lists.length < a.lists.length ? b : a));
}

/** The first of the shortest: a list more weighs as much as some entries more. */
async function shortest<L extends AccessPath>(
  paths: readonly L[],
  measure: ChooseAccessPathOptions['measure'],
): Promise<L> {
  if (paths.length === 1) return paths[0]!;
  const sizes = await Promise.all(
    paths.map(async (path) => (await measure(path)) + (path.by === 'tags' ? ENTRIES_A_LIST * path.lists.length : 0)),
  );
  return paths[sizes.indexOf(Math.min(...sizes))]!;
}

function accessByOutcome(predicate: Predicate): OutcomeAccessPath | undefined {
  switch (predicate.kind) {
    case 'outcome':
      return { ...EVERYTHING, outcomes: [predicate.outcome] };
    case 'time':
      return predicate.field === 'tagged'
        ? { ...EVERYTHING, ...rangeOfTime(predicate.operator, predicate.date) }
        : undefined;
    case 'and': {
      const paths = predicate.terms.map(accessByOutcome).filter((path) => path !== undefined);
      return paths.length > 0 ? paths.reduce(intersection) : undefined;
    }
    case 'or': {
      const paths = predicate.terms.map(accessByOutcome);
      return paths.every((path) => path !== undefined) ? paths.reduce(hull) : undefined;
    }
    case 'not': {
      if (predicate.term.kind !== 'outcome') return undefined;
      const { outcome } = predicate.term;
      return { ...EVERYTHING, outcomes: OUTCOMES.filter((each) => each !== outcome) };
    }
    default:
      return undefined;
  }
}

/** A date stands for all times that begin so. */
function rangeOfTime(operator: Operator, date: string): Partial<OutcomeAccessPath> {
  const end = `${date}${LAST}`;
  switch (operator) {
    case '>':
      return { from: end };
    case '>=':
      return { from: date };
    case '<':
      return { to: date };
    case '<=':
      return { to: end };
    case ':':
      return { from: date, to: end };
  }
}

function intersection(a: OutcomeAccessPath, b: OutcomeAccessPath): OutcomeAccessPath {
  const outcomes = a.outcomes.filter((outcome) => b.outcomes.includes(outcome));
  return { by: 'outcomes', outcomes, from: later(a.from, b.from), to: earlier(a.to, b.to) };
}

function hull(a: OutcomeAccessPath, b: OutcomeAccessPath): OutcomeAccessPath {
  const outcomes = [...new Set([...a.outcomes, ...b.outcomes])];
  return { by: 'outcomes', outcomes, from: earlier(a.from, b.from), to: later(a.to, b.to) };
}

export function later(a: string, b: string): string {
  return a > b ? a : b;
}

export function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

/** Most lists that are named when an access path is described. */
const DESCRIBED = 5;

/** An access path in words. */
export function describeAccessPath(path: AccessPath): string {
  if (path.by === 'tags') {
    const [shown, others] = [path.lists.slice(0, DESCRIBED), path.lists.length - DESCRIBED];
    const more = others > 0 ? ` and ${others} more` : '';
    return `tags, most confident first: ${shown.map(describeList).join(', ') || 'none'}${more}`;
  }
  const { outcomes, from, to } = path;
  const isBounded = from !== FIRST || to !== LAST;
  const times = isBounded ? `, tagged from ${from} to ${to}`.replaceAll(LAST, '…') : '';
  return `outcomes, newest first: ${outcomes.join(', ') || 'none'}${times}`;
}

function describeList({ tag, confidences: { from, to } }: TagAccessPath['lists'][number]): string {
  return from > 0 || to < CERTAIN ? `${tag} (${from / CERTAIN} to ${to / CERTAIN})` : tag;
}
