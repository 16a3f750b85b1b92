import type { ImageRecord } from '@tagmill/core';
import { toPrintable, withStrayBytes } from '@tagmill/image-files';
import type { Copies, CopyOf, Picture } from '@tagmill/look-alikes';
import Table from 'cli-table3';
import { stringify } from 'csv-stringify/sync';
import type { FORMATS } from './formats.ts';

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
      ...(likeness !== undefined && { likeness: round(likeness) }),
    })),
  };
}

/** One image of a group a row. */
interface Row extends Partial<Omit<CopyOf<Listed>, 'picture'>> {
  picture: Listed;
  /** Only of the one to keep. */
  why?: string;
}

function rowsOf({ keep, why, others }: Copies<Listed>): Row[] {
  return [{ picture: keep, why }, ...others];
}

const CSV_COLUMNS = [
  'group',
  'image',
  'keep',
  'why',
  'width',
  'height',
  'bytes',
  'sharpness',
  'takenAt',
  'distance',
  'likeness',
] as const;

function csvWriter(excel: boolean): CopiesWriter {
  const toCsv = (row: readonly unknown[]) => stringify([row], { escape_formulas: excel });
  let header: string | undefined = (excel ? '\ufeff' : '') + toCsv(CSV_COLUMNS);
  const takeHeader = () => {
    const text = header ?? '';
    header = undefined;
    return text;
  };
  const write = (group: Copies<Listed>, number: number) =>
    rowsOf(group).map(({ picture, why, distance, likeness }) => {
      const { width, height, bytes, takenAt, fingerprint } = picture;
      const row: Record<(typeof CSV_COLUMNS)[number], unknown> = {
        group: number,
        image: withStrayBytes(picture.name),
        keep: why === undefined ? 'no' : 'yes',
        why,
        width,
        height,
        bytes,
        sharpness: fingerprint.sharpness,
        takenAt,
        distance,
        likeness: likeness === undefined ? undefined : round(likeness),
      };
      return toCsv(CSV_COLUMNS.map((column) => row[column]));
    });
  return { write: (group, number) => takeHeader() + write(group, number).join(''), end: takeHeader };
}

function tableWriter(): CopiesWriter {
  const table = new Table({
    head: ['', 'image', 'pixels', 'sharpness', 'taken', 'keep'],
    colAligns: ['right', 'left', 'right', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  return {
    write: (group, number) => {
      for (const { picture, why } of rowsOf(group)) {
        const { name, width, height, takenAt, fingerprint } = picture;
        table.push([
          why === undefined ? '' : String(number),
          toPrintable(name),
          width === undefined ? '' : `${width} x ${height}`,
          String(fingerprint.sharpness),
          takenAt ?? '',
          why === undefined ? '' : `yes: ${why}`,
        ]);
      }
      return '';
    },
    end: () => (table.length > 0 ? `${table.toString()}\n` : ''),
  };
}

/** More digits of a cosine say nothing. */
function round(likeness: number): number {
  return Math.round(likeness * 1000) / 1000;
}
