import type { ImageRecord } from '@tagmill/core';
import { toPrintable, withStrayBytes } from '@tagmill/image-files';
import { COPIES_COLUMNS, type Copies, listCopies, type Picture, roundLikeness } from '@tagmill/look-alikes';
import Table from 'cli-table3';
import { stringify } from 'csv-stringify/sync';
import type { FORMATS } from './formats.ts';
import { fitPaths } from './table-width.ts';

export type CopiesFormat = (typeof FORMATS)[number];

type Listed = Picture & { image: ImageRecord['image'] };

/** Writes groups of copies one by one, each under a number; a table when it has them all. */
export interface CopiesWriter {
  write(group: Copies<Listed>, number: number): string;
  end(): string;
}

/** The writer of a format: each call returns the text that is ready by then. */
export function copiesWriter(format: CopiesFormat, { excel }: { excel: boolean }): CopiesWriter {
  if (format === 'jsonl')
    return { write: (group, number) => `${JSON.stringify(asJson(group, number))}\n`, end: () => '' };
  return format === 'csv' ? csvWriter(excel) : tableWriter();
}

function asJson({ keep, why, others }: Copies<Listed>, group: number) {
  return {
    group,
    why,
    keep: { image: keep.image, sharpness: keep.fingerprint.sharpness },
    others: others.map(({ picture, distance, likeness }) => ({
      image: picture.image,
      sharpness: picture.fingerprint.sharpness,
      distance,
      ...(likeness !== undefined && { likeness: roundLikeness(likeness) }),
    })),
  };
}

function csvWriter(excel: boolean): CopiesWriter {
  const toCsv = (row: readonly unknown[]) => stringify([row], { escape_formulas: excel });
  let header: string | undefined = (excel ? '\ufeff' : '') + toCsv(COPIES_COLUMNS);
  const takeHeader = () => {
    const text = header ?? '';
    header = undefined;
    return text;
  };
  const write = (group: Copies<Listed>, number: number) =>
    listCopies(group, number).map((row) =>
      toCsv(COPIES_COLUMNS.map((column) => (column === 'image' ? withStrayBytes(row.image) : row[column]))),
    );
  return { write: (group, number) => takeHeader() + write(group, number).join(''), end: takeHeader };
}

function tableWriter(): CopiesWriter {
  const rows = [['', 'image', 'pixels', 'sharpness', 'taken', 'keep']];
  return {
    write: (group, number) => {
      for (const { image, why, width, height, sharpness, takenAt } of listCopies(group, number)) {
        rows.push([
          why === undefined ? '' : String(number),
          toPrintable(image),
          width === undefined ? '' : `${width} x ${height}`,
          String(sharpness),
          takenAt ?? '',
          why === undefined ? '' : `yes: ${why}`,
        ]);
      }
      return '';
    },
    end: () => (rows.length > 1 ? `${drawTable(rows)}\n` : ''),
  };
}

/** Within the terminal's width, as far as names can be cut. */
function drawTable(rows: readonly string[][]): string {
  const [head, ...others] = fitPaths(rows, 1);
  const table = new Table({
    head: head!,
    colAligns: ['right', 'left', 'right', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  table.push(...others);
  return table.toString();
}
