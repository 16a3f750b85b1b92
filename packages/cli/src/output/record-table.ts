import { styleText } from 'node:util';
import type { ImageRecord } from '@tagmill/core';
import { toPrintable } from '@tagmill/image-files';
import Table from 'cli-table3';
import { nameOf, type RecordWriter, type RecordWriterOptions } from './record-writer.ts';
import { LEAST_NAME, LINE, PADDING, shortenPath, terminalColumns } from './table-width.ts';

/** A longer word is broken. */
const LONGEST_WORD = 24;

interface Column {
  title: string;
  isNumber?: boolean;
  /** May be broken into lines, down to its longest word. */
  isText?: boolean;
  cell: (record: ImageRecord) => string;
}

/** A table that fits the terminal: long names lose their beginning, tags go on in the next line. */
export function tableWriter({ timings = false, hasBudget = false, toFile = false }: RecordWriterOptions): RecordWriter {
  const columns: Column[] = [
    { title: 'image', cell: ({ image }) => toPrintable(nameOf(image)) },
    { title: 'tags', isText: true, cell: (record) => toPrintable(foundOn(record)) },
    { title: 'broader', isText: true, cell: ({ broader }) => broader.map(percent).join(', ') },
    ...(hasBudget ? [{ title: 'variant', isText: true, cell: describeVariant }] : []),
    ...(timings ? TIMINGS : []),
  ];
  const records: ImageRecord[] = [];
  return {
    write: (record) => {
      records.push(record);
      return '';
    },
    end: () => (records.length > 0 ? `${drawTable(columns, records, toFile ? plain : styled)}\n` : ''),
  };
}

const TIMINGS: readonly Column[] = (['decodeMs', 'inferMs', 'totalMs'] as const).map((name) => ({
  title: name.replace('Ms', ''),
  isNumber: true,
  cell: ({ timings }) => timings?.[name]?.toFixed(1) ?? '',
}));

function drawTable(columns: readonly Column[], records: readonly ImageRecord[], style: typeof styled): string {
  const rows = records.map((record) => columns.map(({ cell }) => cell(record)));
  let widths = columnWidths(columns, rows, terminalColumns());
  const names = rows.map(([name = '']) => name);
  const folder = names.some((name) => name.length > widths[0]! - PADDING) ? sharedFolder(names) : '';
  if (folder !== '') {
    for (const row of rows) row[0] = row[0]!.slice(folder.length);
    widths = columnWidths(columns, rows, terminalColumns());
  }
  const table = new Table({
    head: columns.map(({ title }) => style('bold', title)),
    colAligns: columns.map(({ isNumber }) => (isNumber ? 'right' : 'left')),
    colWidths: widths,
    wordWrap: true,
    style: { head: [], border: [], compact: true },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const [i, [name = '', ...cells]] of rows.entries()) {
    const colour = STYLES[records[i]!.outcome];
    table.push(
      [shortenPath(name, widths[0]! - PADDING), ...cells].map((cell) => (colour ? style(colour, cell) : cell)),
    );
  }
  return `${folder === '' ? '' : `In ${folder}\n`}${table.toString()}`;
}

/** The longest folder that all are in, with the slash at its end; empty if there is none. */
function sharedFolder([first = '', ...others]: readonly string[]): string {
  let length = first.lastIndexOf('/') + 1;
  while (length > 0 && !others.every((name) => name.startsWith(first.slice(0, length)))) {
    length = first.lastIndexOf('/', length - 2) + 1;
  }
  return first.slice(0, length);
}

const STYLES: Readonly<Partial<Record<ImageRecord['outcome'], 'red' | 'dim'>>> = {
  rejected: 'red',
  failed: 'red',
  empty: 'dim',
};

/** Numbers get what they need, names at most a third, and text the rest by what it needs. */
function columnWidths(columns: readonly Column[], rows: readonly string[][], available: number): number[] {
  const widest = (of: (cell: string) => number) =>
    columns.map(
      ({ title }, i) =>
        PADDING +
        Math.max(
          title.length,
          rows.reduce((most, row) => Math.max(most, of(row[i]!)), 0),
        ),
    );
  const widths = widest(({ length }) => length);
  const words = widest((cell) => Math.max(...cell.split(' ').map(({ length }) => length)));
  let excess = widths.reduce((total, width) => total + width + LINE, LINE) - available;
  const shrinkName = (least: number) => {
    const cut = Math.max(0, Math.min(excess, widths[0]! - least));
    widths[0]! -= cut;
    excess -= cut;
  };
  shrinkName(Math.floor(available / 3));
  for (; excess > 0; excess--) {
    const room = widths.map((width, i) => (columns[i]!.isText ? width - Math.min(words[i]!, LONGEST_WORD) : 0));
    const most = Math.max(...room);
    if (most <= 0) break;
    widths[room.indexOf(most)]!--;
  }
  shrinkName(LEAST_NAME);
  return widths;
}

/** Colours are for terminals, and not for those who set NO_COLOR. */
function styled(style: 'bold' | 'dim' | 'red', text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

function plain(_: string, text: string): string {
  return text;
}

function foundOn({ outcome, tags, reason, message }: ImageRecord): string {
  if (outcome === 'tagged') return tags.map(percent).join(', ');
  return outcome === 'empty' ? '(nothing sure enough)' : `${outcome}: ${reason}${message ? `: ${message}` : ''}`;
}

function describeVariant({ model, budget }: ImageRecord): string {
  return model ? `${model.variant}${budget?.met === false ? ' (late)' : ''}` : '';
}

function percent({ name, confidence }: { name: string; confidence: number }): string {
  return `${name} ${Math.round(confidence * 100)}%`;
}
