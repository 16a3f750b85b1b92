import { findTaught, readTaught, removeTaught, type TaughtTag } from '@tagmill/teach';
import type { StoredTag } from '@tagmill/teach/stored-tags';
import Table from 'cli-table3';
import type { CatalogueOptions } from '../models/catalogues.ts';
import { taughtModels } from '../models/taught-tags.ts';
import { describeTaught, expectation } from './teach.ts';

export interface TaughtOptions extends CatalogueOptions {
  json?: boolean;
}

/** `tagmill taught ls`: the tags that were taught, and what is expected of them. */
export async function listTaught(options: TaughtOptions): Promise<void> {
  const tags = await readTaught(taughtModels(options));
  printTaughtList(tags.map(counted), { ...options, where: taughtModels(options) });
}

/** Prints taught tags, wherever they are kept. */
export function printTaughtList(tags: readonly StoredTag[], { json, where }: { json?: boolean; where: string }): void {
  if (json) printJson({ tags: tags.map(summarize) });
  else if (tags.length === 0) process.stderr.write(`No tags are taught in ${where}\n`);
  else process.stdout.write(`${taughtTable(tags)}\n`);
}

/** `tagmill taught show`: one of them, with each variant that gives it. */
export async function showTaught(name: string, options: TaughtOptions): Promise<void> {
  printTaughtTag(counted(await findTaught(taughtModels(options), name)), options);
}

/** Prints one of them. */
export function printTaughtTag(tag: StoredTag, options: { json?: boolean }): void {
  if (options.json) {
    printJson(summarize(tag));
    return;
  }
  const variants = Object.keys(tag.expected);
  const alike = Object.entries(Object.groupBy(variants, (each) => expectation(tag.expected[each]!, tag.prevalence)));
  const each = alike.map(([words, own]) => `  ${own!.join(', ')}: ${words}\n`);
  process.stdout.write(`${describeTaught(tag)}  Taught ${tag.taughtAt}, in the space ${tag.space}\n${each.join('')}`);
}

/** `tagmill taught rm`: forgets one of them. */
export async function forgetTaught(name: string, options: TaughtOptions): Promise<void> {
  const { name: forgotten } = await removeTaught(taughtModels(options), name);
  if (options.json) printJson({ removed: forgotten });
  else process.stderr.write(`"${forgotten}" is forgotten\n`);
}

/** What a person or a program asks of a tag; not its weights and embeddings. */
export function summarize({ head: _, ...about }: StoredTag) {
  return about;
}

function counted({ examples, ...about }: TaughtTag): StoredTag {
  return { ...about, exampleCount: examples.length };
}

function taughtTable(tags: readonly StoredTag[]): string {
  const table = new Table({
    head: ['tag', 'examples', 'taught with', 'prevalence', 'precision', 'recall', 'taught'],
    colAligns: ['left', 'right', 'left', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  const percent = (share: number) => `${Number((share * 100).toFixed(1))}%`;
  for (const { name, exampleCount, variant, prevalence, expected, taughtAt } of tags) {
    const { precision, recall } = expected[variant]!;
    table.push([
      name,
      String(exampleCount),
      variant,
      percent(prevalence),
      percent(precision),
      percent(recall),
      taughtAt.slice(0, 10),
    ]);
  }
  return table.toString();
}

export function printJson(value: object): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
