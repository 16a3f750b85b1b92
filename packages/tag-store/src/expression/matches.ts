import type { Outcome } from '@tagmill/core';
import { tagKey } from '../keys.ts';
import { type Confidences, includes } from './confidences.ts';
import type { Question } from './expression.ts';
import { pathWords } from './path-words.ts';
import type { Operator } from './syntax.ts';

/** What expressions can ask of an image. */
export interface Facts {
  /** What it is found by, as keys, with confidences in ten-thousandths. */
  names: ReadonlyMap<string, number>;
  /** Those of them that it has a posting of. */
  posted: readonly string[];
  outcome: Outcome;
  /** Of the object. Entries that were written before names could be searched have none, nor do those of very long ones. */
  key?: string | undefined;
  variant?: string | undefined;
  /** ISO 8601, by the camera's own clock. */
  takenAt?: string | undefined;
  /** ISO 8601, UTC. */
  taggedAt: string;
}

/** Any of these tags, as keys. */
export interface TagsAsked {
  kind: 'tags';
  tags: readonly string[];
  /** Tags, as keys, whose images have one of these as well. */
  below: readonly string[];
  confidences: Confidences;
}

/** An expression whose names are looked up. */
export type Predicate = Question<TagsAsked>;

/** Whether an image is what is asked for. */
export function matches(predicate: Predicate, facts: Facts): boolean {
  switch (predicate.kind) {
    case 'and':
      return predicate.terms.every((term) => matches(term, facts));
    case 'or':
      return predicate.terms.some((term) => matches(term, facts));
    case 'not':
      return !matches(predicate.term, facts);
    case 'tags':
      return predicate.tags.some((tag) => isWithin(facts.names.get(tag), predicate.confidences));
    case 'surest':
      return isWithin(Math.max(...facts.names.values()), predicate.confidences);
    case 'outcome':
      return facts.outcome === predicate.outcome;
    case 'variant':
      return facts.variant !== undefined && fitsVariant(facts.variant, predicate.glob);
    case 'path':
      return predicate.words !== '' && pathWords(facts.key ?? '').includes(predicate.words);
    case 'folder':
      return tagKey(facts.key ?? '').startsWith(`${predicate.folder}/`);
    case 'time': {
      const time = predicate.field === 'taken' ? facts.takenAt : facts.taggedAt;
      return time !== undefined && compares(time.slice(0, predicate.date.length), predicate.operator, predicate.date);
    }
  }
}

/** Whether a question can't be answered by facts without a key. */
export function asksKey(predicate: Predicate): boolean {
  switch (predicate.kind) {
    case 'and':
    case 'or':
      return predicate.terms.some(asksKey);
    case 'not':
      return asksKey(predicate.term);
    default:
      return predicate.kind === 'path' || predicate.kind === 'folder';
  }
}

function isWithin(confidence: number | undefined, confidences: Confidences): boolean {
  return confidence !== undefined && includes(confidences, confidence);
}

/** Of two times written alike, to the same precision. */
function compares(a: string, operator: Operator, b: string): boolean {
  switch (operator) {
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case ':':
      return a === b;
  }
}

/**
 * Whether a variant's name fits, in upper or lower case. `*` is any text. In linear time, where a regular expression could backtrack.
 */
export function fitsVariant(variant: string, glob: string): boolean {
  const text = variant.toLowerCase();
  const [start, ...others] = glob.toLowerCase().split('*') as [string, ...string[]];
  const end = others.pop();
  if (end === undefined) return text === start;
  if (!text.startsWith(start)) return false;
  let at = start.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - end.length >= at && text.endsWith(end);
}
