import type { Variant } from '@tagmill/core';
import { openStack } from '@tagmill/stack-client';
import { copiesAmong, parseTagName, teach as teachTag } from '@tagmill/teach';
import type { StoredTag } from '@tagmill/teach/stored-tags';
import { openCatalogue } from '../models/catalogues.ts';
import { findStack, type StackChoice } from '../stack/stacks.ts';
import { type ExampleSource, readExamples } from '../stack/taught-examples.ts';
import { findTaughtIn, readRuleSet, withoutTaught, withTaught } from '../stack/taught-set.ts';
import { applyRuleSet, tryRuleSet } from './rules.ts';
import { printTaughtList, printTaughtTag } from './taught.ts';
import { assertNoLabel, describeTaught, openSpace, warnOfFew } from './teach.ts';

export interface TeachStackOptions extends ExampleSource, StackChoice {
  models?: string;
  prevalence: number;
  dryRun: boolean;
  rate: number;
  json?: boolean;
}

/** The family that has a space and a background. */
const FAMILY = 'everyday';

/** `tagmill teach` of a stack's images: makes a tag of their stored embeddings, and gives it to all images by theirs. */
export async function teachStack(givenName: string, options: TeachStackOptions): Promise<void> {
  const name = parseTagName(givenName);
  const address = await findStack(options);
  const stack = openStack(address);
  const catalogue = await openCatalogue(options);
  const family = catalogue.family(FAMILY) as [Variant, ...Variant[]];
  const space = await openSpace(family[0]);
  assertNoLabel(name, await catalogue.labels(family[0]), family[0]);
  const { examples: given, ...seen } = await readExamples(name, options, {
    stack,
    bucket: address.uploadBucket,
    space: space.id,
  });
  const copies = new Set(copiesAmong(given));
  const examples = given.filter((_, i) => !copies.has(i));
  if (seen.skippedCount > 0)
    process.stderr.write(`${seen.skippedCount} images were skipped: they have no embedding of this space\n`);
  warnOfFew(examples.length);
  const { prevalence } = options;
  const { variant, not } = seen;
  const taught = teachTag({ name, prevalence, variant, examples, not, background: space.background });
  const own = taught.expected[variant]!;
  const tag: StoredTag = {
    schemaVersion: 1,
    name,
    family: FAMILY,
    variant,
    space: space.id,
    method: taught.method,
    head: { bias: taught.head.bias, weights: [...taught.head.weights].map((each) => Number(each.toPrecision(6))) },
    prevalence,
    // One space, one threshold: the examples were seen by whichever variant tagged them.
    expected: Object.fromEntries(
      catalogue.variants.filter((each) => space.holds(each)).map((each) => [each.variant, own]),
    ),
    exampleCount: examples.length,
    notCount: not.length,
    skippedCount: seen.skippedCount,
    taughtAt: new Date().toISOString(),
  };
  const before = await readRuleSet(stack.table);
  const set = withTaught(before, tag);
  process.stderr.write(describeTaught(tag));
  if (options.dryRun) return tryRuleSet(set, { table: stack.table, catalogue }, options);
  const count = await applyRuleSet(set, { stack, over: before.version }, options);
  process.stdout.write(`"${name}" is taught; ${count} images were looked through\n`);
}

/** `tagmill taught ls` of a stack. */
export async function listTaughtOfStack(options: StackChoice & { json?: boolean }): Promise<void> {
  const { taught = [] } = await readStackSet(options);
  printTaughtList(taught, { ...options, where: 'the stack' });
}

/** `tagmill taught show` of a stack. */
export async function showTaughtOfStack(name: string, options: StackChoice & { json?: boolean }): Promise<void> {
  printTaughtTag(findTaughtIn(await readStackSet(options), name), options);
}

/** `tagmill taught rm` of a stack: takes a tag from all images that have it. */
export async function forgetTaughtOfStack(
  name: string,
  options: StackChoice & { rate: number; json?: boolean },
): Promise<void> {
  const stack = openStack(await findStack(options));
  const before = await readRuleSet(stack.table);
  const tag = findTaughtIn(before, name);
  const count = await applyRuleSet(withoutTaught(before, tag.name), { stack, over: before.version }, options);
  if (options.json) process.stdout.write(`${JSON.stringify({ removed: tag.name, images: count }, null, 2)}\n`);
  else process.stderr.write(`"${tag.name}" is forgotten; ${count} images were looked through\n`);
}

async function readStackSet(options: StackChoice) {
  return readRuleSet(openStack(await findStack(options)).table);
}
