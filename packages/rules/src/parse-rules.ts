import { type Label, TagmillError, tagKey } from '@tagmill/core';
import { closest } from 'fastest-levenshtein';
import * as v from 'valibot';
import { isNode, isScalar, LineCounter, type Node, parseDocument, type Scalar, visit } from 'yaml';
import { findCycle } from './cycles.ts';
import { NO_RULES } from './name-labels.ts';
import { type Rules, rulesSchema } from './rules.ts';

/** More than anyone writes by hand, and less than an item of the table takes. */
const MAX_BYTES = 100_000;

export interface ParsedRules {
  rules: Rules;
  /**
   * Where the first text of the file stands that a message speaks of.
   *
   * @returns `FILE:LINE:COLUMN`, or `FILE` if none does.
   */
  placeOf(message: string): string;
}

export interface ParseRulesOptions {
  /** The file's name, for messages. */
  file: string;
  /** Every label that rules may be about. */
  labels: readonly Label[];
}

/**
 * Reads a rules.yaml.
 *
 * @throws {TagmillError} `invalid-argument`: `FILE:LINE:COLUMN`, what is wrong there, and what is allowed.
 *
 * @example
 * parseRules('tags: {collie: {minConfidence: 0.4}}', { file: 'rules.yaml', labels }).rules
 * // { tags: { collie: { minConfidence: 0.4 } } }
 */
export function parseRules(text: string, { file, labels }: ParseRulesOptions): ParsedRules {
  if (Buffer.byteLength(text) > MAX_BYTES) throw invalid(file, `larger than ${MAX_BYTES} bytes`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const [fault] = document.errors;
  if (fault) throw invalid(place(fault.pos[0]), firstLine(fault.message));

  const value = toPlainValue(document, place) ?? NO_RULES;
  const { success, issues, output: rules } = v.safeParse(rulesSchema, value);
  if (!success) {
    const [{ path = [], type, expected, message }] = issues;
    const at = path.map(({ key }) => key as string);
    const isUnknown = type === 'strict_object' && expected === 'never';
    const fault = isUnknown ? `Unrecognized key; there are: ${ALLOWED}` : message;
    throw invalid(place(findOffset(document, at)), `${at.join('.') || 'all'}: ${fault}`);
  }
  // Of what is written: valibot leaves out what is called as a part of every object is, such as `constructor`.
  const placeOfTag = (name: string) => place(findOffset(document, ['tags', name]));
  checkNames(value, labels, placeOfTag);
  const cycle = findCycle(labels, rules);
  if (cycle) throw invalid(placeOfTag(writtenIn(rules, cycle)), `above itself: ${cycle.join(' < ')}`);
  const scalars: Scalar[] = [];
  visit(document, { Scalar: (_, scalar) => void scalars.push(scalar) });
  return {
    rules,
    placeOf: (message) => {
      const found = scalars.find(({ value }) => typeof value === 'string' && message.includes(value));
      return found?.range ? place(found.range[0]) : file;
    },
  };
}

type Document = ReturnType<typeof parseDocument>;

/** Aliases that multiply into more than the file could say itself are refused. */
function toPlainValue(document: Document, place: (offset: number) => string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw invalid(place(0), firstLine((cause as Error).message));
  }
}

/** Of the key that a path ends with, or of the item; of what is around it if it isn't there. */
function findOffset(document: Document, path: readonly PropertyKey[]): number {
  let found: Node | undefined;
  visit(document, {
    Pair: (_, { key }, parents) => {
      if (isScalar(key) && samePath([...readPath(parents), key.value], path)) found = key;
    },
  });
  const node = found ?? document.getIn(path, true);
  if (isNode(node) && node.range) return node.range[0];
  return path.length === 0 ? 0 : findOffset(document, path.slice(0, -1));
}

function readPath(parents: readonly unknown[]): unknown[] {
  return parents.flatMap((each) => (isPair(each) && isScalar(each.key) ? [each.key.value] : []));
}

function isPair(each: unknown): each is { key: unknown } {
  return typeof each === 'object' && each !== null && 'key' in each;
}

function samePath(a: readonly unknown[], b: readonly PropertyKey[]): boolean {
  return a.length === b.length && a.every((part, i) => String(part) === String(b[i]));
}

const ALLOWED = 'minConfidence, minBroaderConfidence, tags; of a tag: minConfidence, rename, synonyms, hidden, parents';

function checkNames({ tags = {} }: Partial<Rules>, labels: readonly Label[], place: (name: string) => string): void {
  const known = new Map(labels.flatMap(({ name, parents }) => [name, ...parents].map((each) => [tagKey(each), each])));
  const seen = new Set<string>();
  for (const name of Object.keys(tags)) {
    if (seen.has(tagKey(name))) throw invalid(place(name), `${name} is there twice`);
    seen.add(tagKey(name));
    if (known.has(tagKey(name))) continue;
    const nearest = known.get(closest(tagKey(name), [...known.keys()]));
    throw invalid(place(name), `no label set knows ${JSON.stringify(name)}; the nearest name is ${nearest}`);
  }
}

/** The first name of a cycle that rules are about. */
function writtenIn({ tags }: Rules, cycle: readonly string[]): string {
  const keys = new Map(Object.keys(tags).map((name) => [tagKey(name), name]));
  return cycle.map((name) => keys.get(tagKey(name))).find((name) => name !== undefined)!;
}

function invalid(place: string, message: string): TagmillError {
  return new TagmillError('invalid-argument', `${place}: ${message}`);
}

function firstLine(message: string): string {
  return message.split('\n')[0]!;
}
