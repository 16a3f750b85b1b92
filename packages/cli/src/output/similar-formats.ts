import type { ImageRecord } from '@tagmill/core';
import { toPrintable, withStrayBytes } from '@tagmill/image-files';
import Table from 'cli-table3';
import { stringify } from 'csv-stringify/sync';
import type { FORMATS } from './formats.ts';
import { nameOf } from './record-writer.ts';
import { fitPaths } from './table-width.ts';

export type SimilarFormat = (typeof FORMATS)[number];

/** An image, and how much it is like another. */
export interface Alike extends Pick<ImageRecord, 'image' | 'tags'> {
  /** Cosine of the two embeddings: 1 is the most. */
  likeness: number;
}

/** The images in a format, the most alike first. */
export async function* similarText(
  format: SimilarFormat,
  found: readonly Alike[],
  { excel }: { excel: boolean },
): AsyncGenerator<string> {
  if (format === 'table') {
    if (found.length > 0) yield `${tableOf(found)}\n`;
  } else if (format === 'jsonl') {
    for (const { likeness, image, tags } of found)
      yield `${JSON.stringify({ likeness: round(likeness), image, tags })}\n`;
  } else {
    yield (excel ? '\ufeff' : '') +
      stringify([['likeness', 'image', 'tags'], ...found.map(csvRow)], { escape_formulas: excel });
  }
}

function csvRow({ likeness, image, tags }: Alike): unknown[] {
  return [round(likeness), withStrayBytes(nameOf(image)), tags.map(({ name }) => name).join(';')];
}

function tableOf(found: readonly Alike[]): string {
  const rows = found.map(({ likeness, image, tags }) => [
    likeness.toFixed(3),
    toPrintable(nameOf(image)),
    tags.map(({ name }) => toPrintable(name)).join(', '),
  ]);
  const [head, ...fitting] = fitPaths([['likeness', 'image', 'tags'], ...rows], 1);
  const table = new Table({
    head: head!,
    colAligns: ['right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  table.push(...fitting);
  return table.toString();
}

/** More digits of a cosine say nothing. */
function round(likeness: number): number {
  return Math.round(likeness * 1000) / 1000;
}
