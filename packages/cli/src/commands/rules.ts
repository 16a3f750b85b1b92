import fs from 'node:fs/promises';
import { type Label, TagmillError } from '@tagmill/core';
import { formatRuleSet, type RuleSet, StoredRulesInForce } from '@tagmill/pipeline';
import { nameLabels, type Rules } from '@tagmill/rules';
import { parseRules } from '@tagmill/rules/parse-rules';
import {
  type ApplyRulesProgress,
  applyRules,
  compareRules,
  type NameChange,
  type NameRole,
  type NameUse,
  type OpenStack,
  openStack,
  type RulesComparison,
} from '@tagmill/stack-client';
import { RulesStore, scanImages, type TagStoreOptions, type UnreadableItem } from '@tagmill/tag-store';
import { Tagger } from '@tagmill/tagger';
import { type Catalogue, lintTaxonomy } from '@tagmill/variants';
import { type CatalogueOptions, openCatalogue } from '../models/catalogues.ts';
import { refusedBySqs } from '../stack/refused.ts';
import { findStack, type StackChoice } from '../stack/stacks.ts';
import { tellUnreadable } from '../stack/stored-images.ts';

export interface RulesCommandOptions extends CatalogueOptions, StackChoice {}

/** Most tags that a table of differences shows. */
const MAX_TAGS = 20;

/** `tagmill rules diff`: what a rules.yaml would change; nothing is written. */
export async function diffRules(file: string, options: RulesCommandOptions & { json?: boolean }): Promise<void> {
  const catalogue = await openCatalogue(options);
  const rules = await readRules(file, catalogue);
  const { table } = openStack(await findStack(options));
  const { set } = await besideTaught(rules, table);
  await tryRuleSet(set, { table, catalogue }, options);
}

/** Tells what rules and taught tags would change; nothing is written. */
export async function tryRuleSet(
  set: RuleSet,
  { table, catalogue }: { table: TagStoreOptions; catalogue: Catalogue },
  options: StackChoice & { json?: boolean },
): Promise<void> {
  const unreadable: UnreadableItem[] = [];
  const tagger = new Tagger({
    onnx: (each) => catalogue.onnx(each),
    labels: (each) => catalogue.labels(each),
    thresholds: (each) => catalogue.thresholds(each),
  });
  const found = await compareRules({
    images: scanImages(table, (item) => unreadable.push(item)),
    set,
    rename: (scores, rules) => tagger.rename(scores, rules),
  });
  if (options.json) process.stdout.write(`${JSON.stringify({ ...found, unreadable })}\n`);
  else describe(found);
  await tellUnreadable(unreadable, options);
}

function describe(found: RulesComparison): void {
  process.stdout.write(`${found.changed} of ${found.images} images change\n`);
  if (found.unknownLabels > 0)
    process.stdout.write(`${found.unknownLabels} were tagged by labels that aren't here: --models names a catalogue\n`);
  const all = [['+', found.gained] as const, ['-', found.lost] as const, ['~', found.moved] as const];
  for (const [sign, counts] of all) {
    const most = Object.entries(counts).sort(([, a], [, b]) => b - a);
    for (const [tag, count] of most.slice(0, MAX_TAGS)) process.stdout.write(`${sign} ${tag}: ${count}\n`);
    if (most.length > MAX_TAGS) process.stdout.write(`${sign} ${most.length - MAX_TAGS} more tags\n`);
  }
  for (const { bucket, key, changes } of found.examples) {
    process.stdout.write(`s3://${bucket}/${key}\n${changes.map((change) => `  ${describeChange(change)}\n`).join('')}`);
  }
}

const ROLES: Record<NameRole, string> = { tag: 'a tag', broader: 'a broader tag', above: 'above a tag' };

function describeChange({ name, before, after }: NameChange): string {
  const words = ({ as, confidence }: NameUse) =>
    confidence === undefined ? ROLES[as] : `${ROLES[as]}, ${Math.round(confidence * 100)}%`;
  if (before === undefined) return `+ ${name} (${words(after!)})`;
  if (after === undefined) return `- ${name} (was ${words(before)})`;
  return `~ ${name}: ${words(before)} -> ${words(after)}`;
}

/** `tagmill rules apply`: puts a rules.yaml in force, and has all images named by it. */
export async function applyRulesFile(file: string, options: RulesCommandOptions & { rate: number }): Promise<void> {
  const rules = await readRules(file, await openCatalogue(options));
  const stack = openStack(await findStack(options));
  const { set, over } = await besideTaught(rules, stack.table);
  const enqueued = await applyRuleSet(set, { stack, over }, options);
  process.stdout.write(`Rules ${set.version} are in force; ${enqueued} images were named anew\n`);
}

/** Puts rules and taught tags in force, and has all images named by them. @returns how many were named anew. */
export async function applyRuleSet(
  set: RuleSet & { version: string },
  { stack: { table, backfillQueue }, over }: { stack: OpenStack; over: string | undefined },
  options: StackChoice & { rate: number },
): Promise<number> {
  // The table is read again and again.
  const unreadable = new Map<string, UnreadableItem>();
  const enqueued = await applyRules({
    set,
    over,
    store: new RulesStore(table),
    images: () => scanImages(table, (item) => unreadable.set(item.id, item)),
    queue: backfillQueue,
    ratePerSecond: options.rate,
    onRefused: refusedBySqs,
    onProgress: whenNew((line) => process.stderr.write(`${line}\n`)),
  });
  await tellUnreadable([...unreadable.values()], options);
  return enqueued;
}

/** Progress in words, as far as there is any. */
function whenNew(say: (line: string) => void): (progress: ApplyRulesProgress) => void {
  let said: string | undefined;
  return ({ enqueued, left }) => {
    const line = `${enqueued} images enqueued${left === undefined ? '' : `, about ${left} messages left`}`;
    if (line !== said) say(line);
    said = line;
  };
}

/**
 * Reads a rules.yaml, and holds it against all label sets that there are.
 *
 * @throws {TagmillError} `invalid-argument` if it makes no sense, or the tags that it makes don't.
 */
async function readRules(file: string, catalogue: Catalogue): Promise<Rules> {
  const text = await fs.readFile(file, 'utf8').catch((cause: Error) => {
    throw new TagmillError('invalid-argument', `Cannot read ${file}: ${cause.message}`, { cause });
  });
  const names = [...new Set(catalogue.variants.map(({ labels }) => labels))];
  const labelSets = await Promise.all(names.map((labels) => catalogue.labels({ labels })));
  const { rules, placeOf } = parseRules(text, { file, labels: labelSets.flat() });
  for (const labels of labelSets) {
    const before = new Set(listFaults(labels));
    const fault = listFaults(nameLabels(labels, rules).labels).find((message) => !before.has(message));
    if (fault !== undefined) throw new TagmillError('invalid-argument', `${placeOf(fault)}: ${fault}`);
  }
  return rules;
}

/** Rules with the tags that the stack was taught, and the version that they take the place of. */
async function besideTaught(rules: Rules, table: TagStoreOptions) {
  const { taught = [], version: over } = await new StoredRulesInForce({ store: new RulesStore(table) }).refresh();
  const { version } = formatRuleSet({ rules, taught });
  return { set: { rules, taught, version }, over };
}

function listFaults(labels: readonly Label[]): string[] {
  return lintTaxonomy(labels).map(({ message }) => message);
}
