import { TagmillError } from '@tagmill/core';
import { openStack } from '@tagmill/stack-client';
import { RulesStore } from '@tagmill/tag-store';
import type { StoredTag } from '@tagmill/teach/stored-tags';
import { type CatalogueOptions, openCatalogue } from '../models/catalogues.ts';
import { findStack, type StackChoice } from '../stack/stacks.ts';
import { findTaughtIn, readRuleSet, readTaughtVersions, withoutTaught } from '../stack/taught-set.ts';
import { applyChange } from './rules.ts';
import { printJson, printTaughtList, printTaughtTag, summarize } from './taught.ts';
import { giveTag } from './teach-stack.ts';

interface TaughtStackOptions extends StackChoice {
  json?: boolean;
}

/** `tagmill taught ls` of a stack. */
export async function listTaughtOfStack(options: TaughtStackOptions): Promise<void> {
  const { taught = [] } = await readStackSet(options);
  printTaughtList(taught, { ...options, where: 'the stack' });
}

/** `tagmill taught show` of a stack. */
export async function showTaughtOfStack(name: string, options: TaughtStackOptions): Promise<void> {
  printTaughtTag(findTaughtIn(await readStackSet(options), name), options);
}

/** `tagmill taught rm` of a stack: takes a tag from all images that have it. If it broke off, the same command goes on. */
export async function forgetTaughtOfStack(name: string, options: TaughtStackOptions & { rate: number }): Promise<void> {
  const stack = openStack(await findStack(options));
  const { versions } = await readVersions(name, stack);
  const tag = versions.at(-1) ?? findTaughtIn(await readRuleSet(stack.table), name);
  const { enqueued } = await applyChange((inForce) => withoutTaught(inForce, tag.name), { stack }, options);
  if (options.json) printJson({ removed: tag.name, images: enqueued });
  else process.stderr.write(`"${tag.name}" is forgotten. Images looked through: ${enqueued}\n`);
}

/** `tagmill taught versions`: how a tag was taught, time after time. */
export async function listTaughtVersions(name: string, options: TaughtStackOptions): Promise<void> {
  const { versions, current } = await readVersions(name, openStack(await findStack(options)));
  if (versions.length === 0) throw neverTaught(name);
  if (options.json) {
    printJson({ versions: versions.map((tag, i) => ({ number: i + 1, isInForce: i === current, ...summarize(tag) })) });
    return;
  }
  for (const [i, { taughtAt, exampleCount, notCount }] of versions.entries()) {
    const mark = i === current ? ', in force' : '';
    process.stdout.write(`${i + 1}: ${taughtAt}, ${exampleCount} examples, ${notCount} that don't show it${mark}\n`);
  }
}

/** `tagmill taught rollback`: puts a tag in force as it was taught before, also one that was forgotten. */
export async function rollBackTaught(
  name: string,
  { to, ...options }: StackChoice & CatalogueOptions & { to?: number; rate: number },
): Promise<void> {
  const stack = openStack(await findStack(options));
  const { versions, current } = await readVersions(name, stack);
  if (versions.length === 0) throw neverTaught(name);
  const number = to ?? (current === -1 ? versions.length : current);
  const tag = versions[number - 1];
  if (!tag) {
    const known = versions.length === 1 ? 'one version' : `versions 1 to ${versions.length}`;
    const what = to === undefined ? 'before the one in force' : `${to}`;
    throw new TagmillError('invalid-argument', `"${name}" has no version ${what}: there is ${known}`);
  }
  // Without a number, the same command would go back further.
  process.stderr.write(`If this breaks off: tagmill taught rollback "${tag.name}" --to ${number}\n`);
  const count = await giveTag(tag, { stack, catalogue: await openCatalogue(options) }, options);
  process.stdout.write(`"${tag.name}" is as it was taught ${tag.taughtAt}. Images looked through: ${count}\n`);
}

/** The versions of a tag, the oldest first, and which of them is in force; -1 if none is. */
async function readVersions(
  name: string,
  { table }: Pick<ReturnType<typeof openStack>, 'table'>,
): Promise<{ versions: StoredTag[]; current: number }> {
  const { versions, unreadableCount } = await readTaughtVersions(new RulesStore(table), name);
  if (unreadableCount > 0) {
    process.stderr.write(`${unreadableCount} earlier sets of rules and taught tags can't be read, and were left out\n`);
  }
  const { taught = [] } = await readRuleSet(table);
  const isInForce = new Set(taught.map(({ name, taughtAt }) => `${name} ${taughtAt}`));
  return { versions, current: versions.findIndex((tag) => isInForce.has(`${tag.name} ${tag.taughtAt}`)) };
}

function neverTaught(name: string): TagmillError {
  return new TagmillError('not-found', `The stack was never taught a tag "${name}"`);
}

async function readStackSet(options: StackChoice) {
  return readRuleSet(openStack(await findStack(options)).table);
}
