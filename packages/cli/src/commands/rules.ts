import fs from 'node:fs/promises';
import { type Label, TagmillError, tagKey } from '@tagmill/core';
import { versionRuleSet } from '@tagmill/pipeline';
import { nameLabels } from '@tagmill/rules';
import { parseRules } from '@tagmill/rules/parse-rules';
import {
  type AppliedRules,
  type ApplyRulesProgress,
  applyRules,
  type ChangeRuleSet,
  compareRules,
  type NameChange,
  type NameRole,
  type NameUse,
  type OpenStack,
  openStack,
  type RulesComparison,
} from '@tagmill/stack-client';
import { type ImageState, RulesStore, scanImages, type TagStoreOptions, type UnreadableItem } from '@tagmill/tag-store';
import { Tagger } from '@tagmill/tagger';
import { type Catalogue, lintTaxonomy } from '@tagmill/variants';
import { type CatalogueOptions, openCatalogue } from '../models/catalogues.ts';
import { formatCount } from '../output/format-count.ts';
import { refusedBySqs } from '../stack/refused.ts';
import { findStack, type StackChoice } from '../stack/stacks.ts';
import { tellUnreadable } from '../stack/stored-images.ts';
import { listTakenNames, readRuleSet } from '../stack/taught-set.ts';

export interface RulesCommandOptions extends CatalogueOptions, StackChoice {}

/** Most tags that a table of differences shows. */
const MAX_TAGS = 20;

/** `tagmill rules diff`: what a rules.yaml would change; nothing is written. */
export async function diffRules(file: string, options: RulesCommandOptions & { json?: boolean }): Promise<void> {
  const catalogue = await openCatalogue(options);
  const change = await readChange(file, catalogue);
  const { table } = openStack(await findStack(options));
  await tryChange(change, { table, catalogue }, options);
}

/** How `tryChange` and `applyChange` look at each image on the way. */
export type LookOn = (images: AsyncIterable<ImageState>) => AsyncIterable<ImageState>;

/** Tells what other rules and taught tags would change; nothing is written. */
export async function tryChange(
  change: ChangeRuleSet,
  { table, catalogue, lookOn = same }: { table: TagStoreOptions; catalogue: Catalogue; lookOn?: LookOn },
  options: StackChoice & { json?: boolean },
): Promise<void> {
  const set = versionRuleSet(change(await readRuleSet(table)));
  const unreadable: UnreadableItem[] = [];
  const tagger = new Tagger({
    onnx: (each) => catalogue.onnx(each),
    labels: (each) => catalogue.labels(each),
    thresholds: (each) => catalogue.thresholds(each),
  });
  const found = await compareRules({
    images: lookOn(scanImages(table, (item) => unreadable.push(item))),
    set,
    rename: (scores, rules) => tagger.rename(scores, rules),
  });
  if (options.json) process.stdout.write(`${JSON.stringify({ ...found, unreadable })}\n`);
  else describe(found);
  await tellUnreadable(unreadable, options);
}

function describe(found: RulesComparison): void {
  process.stdout.write(`${found.changed} of ${formatCount(found.images, 'image')} change\n`);
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
  const change = await readChange(file, await openCatalogue(options));
  const { set, enqueued } = await applyChange(change, { stack: openStack(await findStack(options)) }, options);
  process.stdout.write(
    `Rules ${set.version} are in force; ${formatCount(enqueued, 'image')} ${enqueued === 1 ? 'was' : 'were'} named anew\n`,
  );
}

/** Puts other rules and taught tags in force, and has all images named by them. */
export async function applyChange(
  change: ChangeRuleSet,
  { stack: { table, backfillQueue }, lookOn = same }: { stack: OpenStack; lookOn?: LookOn },
  options: StackChoice & { rate: number },
): Promise<AppliedRules> {
  // The table is read again and again.
  const unreadable = new Map<string, UnreadableItem>();
  const applied = await applyRules({
    change,
    store: new RulesStore(table),
    images: () => lookOn(scanImages(table, (item) => unreadable.set(item.id, item))),
    queue: backfillQueue,
    ratePerSecond: options.rate,
    onRefused: refusedBySqs,
    onProgress: whenNew((line) => process.stderr.write(`${line}\n`)),
  });
  await tellUnreadable([...unreadable.values()], options);
  return applied;
}

function same<Value>(value: Value): Value {
  return value;
}

/** Progress in words, as far as there is any. */
function whenNew(say: (line: string) => void): (progress: ApplyRulesProgress) => void {
  let said: string | undefined;
  return ({ enqueued, left }) => {
    const line = `${formatCount(enqueued, 'image')} enqueued${left === undefined ? '' : `, about ${formatCount(left, 'message')} left`}`;
    if (line !== said) say(line);
    said = line;
  };
}

/**
 * Reads a rules.yaml, and holds it against all label sets that there are. The tags that the stack was taught stay.
 *
 * @throws {TagmillError} `invalid-argument` if it makes no sense, or the tags that it makes don't.
 */
async function readChange(file: string, catalogue: Catalogue): Promise<ChangeRuleSet> {
  const text = await fs.readFile(file, 'utf8').catch((cause: Error) => {
    throw new TagmillError('invalid-argument', `Cannot read ${file}: ${cause.message}`, { cause });
  });
  const labelSets = await readLabelSets(catalogue);
  const { rules, placeOf } = parseRules(text, { file, labels: labelSets.flat() });
  for (const labels of labelSets) {
    const before = new Set(listFaults(labels));
    const fault = listFaults(nameLabels(labels, rules).labels).find((message) => !before.has(message));
    if (fault !== undefined) throw new TagmillError('invalid-argument', `${placeOf(fault)}: ${fault}`);
  }
  const taken = listTakenNames(labelSets, rules);
  return ({ taught = [] }) => {
    const clash = taught.find(({ name }) => taken.has(tagKey(name)));
    if (!clash) return { rules, taught };
    const { name } = clash;
    throw new TagmillError(
      'invalid-argument',
      `${file}: "${name}" is a tag that the stack was taught. Use another name, or forget that tag: tagmill taught rm "${name}"`,
    );
  };
}

/** All labels of a catalogue, set by set. */
export function readLabelSets(catalogue: Catalogue): Promise<Label[][]> {
  const names = [...new Set(catalogue.variants.map(({ labels }) => labels))];
  return Promise.all(names.map((labels) => catalogue.labels({ labels })));
}

function listFaults(labels: readonly Label[]): string[] {
  return lintTaxonomy(labels).map(({ message }) => message);
}
