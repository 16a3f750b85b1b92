import { type Outcome, TagmillError } from '@tagmill/core';
import { CERTAIN, type Confidences } from '../expression/confidences.ts';
import { OUTCOMES } from '../expression/expression.ts';
import type { Predicate } from '../expression/matches.ts';
import type { Operator } from '../expression/syntax.ts';

/** What is read to answer a question, in its order. Every image that is asked for is in it; the question filters the rest. */
export type Lead = TagLead | OutcomeLead;

/** Postings, most confident first. */
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

/** Most lists of postings that are merged: each is a query on every shard. */
export const MAX_LISTS = 20;

/** Before and after every other character that is in a time or an id. */
const FIRST = ' ';
export const LAST = '~';

/** All images. */
export const EVERYTHING: OutcomeLead = { by: 'outcomes', outcomes: [...OUTCOMES], from: FIRST, to: LAST };

export interface ChooseLeadOptions {
  /** About how many entries a lead has; asked only where there is a choice. */
  measure: (lead: Lead) => Promise<number>;
  /** Whether reading everything is all right. */
  scan: boolean;
}

/**
 * The shortest lead that a question has.
 *
 * @throws {TagmillError} `invalid-argument` if it has none, unless a scan is asked for.
 */
export async function chooseLead(predicate: Predicate, { measure, scan }: ChooseLeadOptions): Promise<Lead> {
  const leads = [await leadByTags(predicate, measure), leadByOutcome(predicate)].filter((lead) => lead !== undefined);
  if (leads.length > 0) return shortest(leads, measure);
  if (scan) return EVERYTHING;
  throw new TagmillError(
    'invalid-argument',
    `Nothing here can be looked up, so every image would be read: ask for a name (or a prefix of at most ${MAX_LISTS} names), an outcome: or a tagged: date as well, or allow it: scan=true, on the command line --scan`,
  );
}

/** Conjunctions are led by one of their terms, disjunctions by all of theirs together. */
async function leadByTags(predicate: Predicate, measure: ChooseLeadOptions['measure']): Promise<TagLead | undefined> {
  if (predicate.kind === 'tags') return tagLead(predicate.tags.map((tag) => ({ tag, ...predicate })));
  if (predicate.kind !== 'and' && predicate.kind !== 'or') return undefined;
  const leads = await Promise.all(predicate.terms.map((term) => leadByTags(term, measure)));
  const found = leads.filter((lead) => lead !== undefined);
  if (predicate.kind === 'and') return found.length > 0 ? shortest(found, measure) : undefined;
  return found.length === leads.length ? tagLead(found.flatMap(({ lists }) => lists)) : undefined;
}

function tagLead(lists: TagLead['lists']): TagLead | undefined {
  if (lists.length > MAX_LISTS) return undefined;
  return { by: 'tags', lists: lists.map(({ tag, confidences }) => ({ tag, confidences })) };
}

/** The first of the shortest. */
async function shortest<L extends Lead>(leads: readonly L[], measure: ChooseLeadOptions['measure']): Promise<L> {
  if (leads.length === 1) return leads[0]!;
  const sizes = await Promise.all(leads.map(measure));
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

/** A lead in words. */
export function describeLead(lead: Lead): string {
  if (lead.by === 'tags') return `tags, most confident first: ${lead.lists.map(describeList).join(', ') || 'none'}`;
  const { outcomes, from, to } = lead;
  const isBounded = from !== FIRST || to !== LAST;
  const times = isBounded ? `, tagged from ${from} to ${to}`.replaceAll(LAST, '…') : '';
  return `outcomes, newest first: ${outcomes.join(', ') || 'none'}${times}`;
}

function describeList({ tag, confidences: { from, to } }: TagLead['lists'][number]): string {
  return from > 0 || to < CERTAIN ? `${tag} (${from / CERTAIN} to ${to / CERTAIN})` : tag;
}
