import type { ImageRecord } from '@tagmill/core';
import Table from 'cli-table3';
import { stringify } from 'csv-stringify/sync';
import type { Format } from './formats.ts';

/** Writes records one by one; a table needs all of them to set its columns. */
export interface RecordWriter {
  write(record: ImageRecord): string;
  end(): string;
}

/** The writer of a format: each call returns the text that is ready by then. */
export function recordWriter(format: Format): RecordWriter {
  switch (format) {
    case 'jsonl':
      return { write: (record) => `${JSON.stringify(record)}\n`, end: () => '' };
    case 'csv':
      return csvWriter();
    case 'table':
      return tableWriter();
  }
}

const CSV_COLUMNS = [
  'image',
  'outcome',
  'reason',
  'message',
  'tags',
  'confidences',
  'broader',
  'variant',
  'decodeMs',
  'inferMs',
  'totalMs',
  'width',
  'height',
  'bytes',
  'format',
  'takenAt',
  'sha256',
  'taggedAt',
] as const;

function csvWriter(): RecordWriter {
  let header: string | undefined = stringify([CSV_COLUMNS]);
  const takeHeader = () => {
    const text = header ?? '';
    header = undefined;
    return text;
  };
  return { write: (record) => takeHeader() + stringify([csvRow(record)]), end: takeHeader };
}

function csvRow({ image, outcome, reason, message, tags, broader, model, timings, taggedAt }: ImageRecord): unknown[] {
  const row: Record<(typeof CSV_COLUMNS)[number], unknown> = {
    image: nameOf(image),
    outcome,
    reason,
    message,
    tags: tags.map(({ name }) => name).join(';'),
    confidences: tags.map(({ confidence }) => confidence.toFixed(4)).join(';'),
    broader: broader.map(({ name }) => name).join(';'),
    variant: model?.variant,
    decodeMs: timings?.decodeMs,
    inferMs: timings?.inferMs,
    totalMs: timings?.totalMs,
    width: image.width,
    height: image.height,
    bytes: image.bytes,
    format: image.format,
    takenAt: image.takenAt,
    sha256: image.sha256,
    taggedAt,
  };
  return CSV_COLUMNS.map((column) => row[column]);
}

/** Columns of at most this many characters; the terminal's own width is not known where output is piped. */
const WIDEST_NAME = 48;

function tableWriter(): RecordWriter {
  const table = new Table({
    head: ['image', 'tags', 'broader', 'decode', 'infer', 'total ms'],
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  return {
    write: (record) => {
      table.push(tableRow(record));
      return '';
    },
    end: () => (table.length > 0 ? `${table.toString()}\n` : ''),
  };
}

function tableRow({ image, outcome, reason, message, tags, broader, timings }: ImageRecord): string[] {
  const percent = ({ name, confidence }: { name: string; confidence: number }) =>
    `${name} ${Math.round(confidence * 100)}%`;
  const found =
    outcome === 'tagged'
      ? tags.map(percent).join(', ')
      : outcome === 'empty'
        ? '(nothing sure enough)'
        : `${outcome}: ${reason}${message ? `: ${message}` : ''}`;
  const ms = (value: number | undefined) => value?.toFixed(1) ?? '';
  return [
    shorten(printable(nameOf(image))),
    printable(found),
    broader.map(percent).join(', '),
    ms(timings?.decodeMs),
    ms(timings?.inferMs),
    ms(timings?.totalMs),
  ];
}

/** What names the image for a person. */
export function nameOf(image: ImageRecord['image']): string {
  return 'path' in image ? image.path : `${image.bucket}/${image.key}`;
}

/** File names and messages may hold control characters; a terminal would obey them. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => JSON.stringify(character).slice(1, -1));
}

function shorten(name: string): string {
  return name.length <= WIDEST_NAME ? name : `…${name.slice(1 - WIDEST_NAME)}`;
}
