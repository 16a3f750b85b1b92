import type { Outcome } from '@tagmill/core';
import { ANY_CONFIDENCE, CERTAIN, type Confidences } from '../expression/confidences.ts';
import { OUTCOMES } from '../expression/expression.ts';
import type { Predicate, TagsAsked } from '../expression/matches.ts';
import type { Operator } from '../expression/syntax.ts';

/** What is read to answer a question, in its order. Every image that is asked for is in it; the question filters the rest. */
export type Lead = TagLead | OutcomeLead;

/** Postings, most confident first, by whichever name an image is posted under. */
export interface TagLead {
  by: 'tags';
  lists: { tag: string; confidences: Confidences }[];
}

/** Index entries, newest first. */
export interface OutcomeLead {
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
export const EVERYTHING: OutcomeLead = { by: 'outcomes', outcomes: [...OUTCOMES], from: FIRST, to: LAST };

/** Whether a lead passes over no image. */
export function isEverything({ by, ...lead }: Lead): boolean {
  return (
    by === 'outcomes' &&
    'from' in lead &&
    lead.from === FIRST &&
    lead.to === LAST &&
    lead.outcomes.length === OUTCOMES.length
  );
}

/** All that can have a name. */
const LOOKED_AT: OutcomeLead = { ...EVERYTHING, outcomes: ['tagged', 'empty'] };

export interface ChooseLeadOptions {
  /** About how many entries a lead has; asked only where there is a choice. */
  measure: (lead: Lead) => Promise<number>;
}

/**
 * The lead that a question has, and perhaps another for where that turns out badly. Mostly it is the shortest alone. A name with very
 * many below it, such as `animal`, is likely on many images: the newest ones are looked through first, and all its lists are
 * merged only if too few of them have it. Where nothing leads, the
 * whole index does, which has all that can be asked for.
 */
export async function chooseLeads(predicate: Predicate, { measure }: ChooseLeadOptions): Promise<Lead[]> {
  const byTags = await leadByTags(predicate, measure);
  const leads = [byTags, leadByOutcome(predicate)].filter((lead) => lead !== undefined).filter((lead) => !isWide(lead));
  if (leads.length > 0) return [await shortest(leads, measure)];
  if (byTags) return byTags.lists.length > MOST_LISTS ? [LOOKED_AT] : [LOOKED_AT, byTags];
  return [EVERYTHING];
}

function isWide(lead: Lead): boolean {
  return lead.by === 'tags' && lead.lists.length > MANY_LISTS;
}

/** Conjunctions are led by one of their terms, disjunctions by all of theirs together. */
async function leadByTags(predicate: Predicate, measure: ChooseLeadOptions['measure']): Promise<TagLead | undefined> {
  if (predicate.kind === 'tags') return { by: 'tags', lists: listsOf(predicate) };
  if (predicate.kind !== 'and' && predicate.kind !== 'or') return undefined;
  const leads = await Promise.all(predicate.terms.map((term) => leadByTags(term, measure)));
  const found = leads.filter((lead) => lead !== undefined);
  if (predicate.kind === 'and') return found.length > 0 ? shortestOfTags(found, measure) : undefined;
  return found.length === leads.length
    ? { by: 'tags', lists: together(found.flatMap(({ lists }) => lists)) }
    : undefined;
}

/** Each list once, with all confidences that any of its occurrences has. */
function together(lists: TagLead['lists']): TagLead['lists'] {
  const byTag = new Map<string, Confidences>();
  for (const { tag, confidences } of lists) {
    const { from, to } = byTag.get(tag) ?? confidences;
    byTag.set(tag, { from: Math.min(from, confidences.from), to: Math.max(to, confidences.to) });
  }
  return [...byTag].map(([tag, confidences]) => ({ tag, confidences }));
}

/** Of an image that has a name through one below it, the confidence of that is another: any may lead to it. */
function listsOf({ tags, below, confidences }: TagsAsked): TagLead['lists'] {
  const own = tags.filter((tag) => !below.includes(tag)).map((tag) => ({ tag, confidences }));
  return [...own, ...below.map((tag) => ({ tag, confidences: ANY_CONFIDENCE }))];
}

/** Counting very many lists takes longer than reading a few. */
async function shortestOfTags(leads: readonly TagLead[], measure: ChooseLeadOptions['measure']): Promise<TagLead> {
  const few = leads.filter((lead) => !isWide(lead));
  if (few.length > 0) return shortest(few, measure);
  return leads.reduce((a, b) => (b.lists.length < a.lists.length ? b : a));
}

/** The first of the shortest: a list more weighs as much as some entries more. */
async function shortest<L extends Lead>(leads: readonly L[], measure: ChooseLeadOptions['measure']): Promise<L> {
  if (leads.length === 1) return leads[0]!;
  const sizes = await Promise.all(
    leads.map(async (lead) => (await measure(lead)) + (lead.by === 'tags' ? ENTRIES_A_LIST * lead.lists.length : 0)),
  );
  return leads[sizes.indexOf(Math.min(...sizes))]!;
}

function leadByOutcome(predicate: Predicate): OutcomeLead | undefined {
  switch (predicate.kind) {
    case 'outcome':
      return { ...EVERYTHING, outcomes: [predicate.outcome] };
    case 'time':
      return predicate.field === 'tagged'
        ? { ...EVERYTHING, ...rangeOfTime(predicate.operator, predicate.date) }
        : undefined;
    case 'and': {
      const leads = predicate.terms.map(leadByOutcome).filter((lead) => lead !== undefined);
      return leads.length > 0 ? leads.reduce(intersection) : undefined;
    }
    case 'or': {
      const leads = predicate.terms.map(leadByOutcome);
      return leads.every((lead) => lead !== undefined) ? leads.reduce(hull) : undefined;
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
function rangeOfTime(operator: Operator, date: string): Partial<OutcomeLead> {
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

function intersection(a: OutcomeLead, b: OutcomeLead): OutcomeLead {
  const outcomes = a.outcomes.filter((outcome) => b.outcomes.includes(outcome));
  return { by: 'outcomes', outcomes, from: later(a.from, b.from), to: earlier(a.to, b.to) };
}

function hull(a: OutcomeLead, b: OutcomeLead): OutcomeLead {
  const outcomes = [...new Set([...a.outcomes, ...b.outcomes])];
  return { by: 'outcomes', outcomes, from: earlier(a.from, b.from), to: later(a.to, b.to) };
}

export function later(a: string, b: string): string {
  return a > b ? a : b;
}

export function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

/** Most lists that are named when a lead is described. */
const DESCRIBED = 5;

/** A lead in words. */
export function describeLead(lead: Lead): string {
  if (lead.by === 'tags') {
    const [shown, others] = [lead.lists.slice(0, DESCRIBED), lead.lists.length - DESCRIBED];
    const more = others > 0 ? ` and ${others} more` : '';
    return `tags, most confident first: ${shown.map(describeList).join(', ') || 'none'}${more}`;
  }
  const { outcomes, from, to } = lead;
  const isBounded = from !== FIRST || to !== LAST;
  const times = isBounded ? `, tagged from ${from} to ${to}`.replaceAll(LAST, '…') : '';
  return `outcomes, newest first: ${outcomes.join(', ') || 'none'}${times}`;
}

function describeList({ tag, confidences: { from, to } }: TagLead['lists'][number]): string {
  return from > 0 || to < CERTAIN ? `${tag} (${from / CERTAIN} to ${to / CERTAIN})` : tag;
}
