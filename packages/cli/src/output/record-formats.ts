import type { ImageRecord } from '@tagmill/core';
import { withStrayBytes } from '@tagmill/image-files';
import { stringify } from 'csv-stringify/sync';
import type { Format } from './formats.ts';
import { tableWriter } from './record-table.ts';
import { nameOf, type RecordWriter, type RecordWriterOptions } from './record-writer.ts';

/** The writer of a format: each call returns the text that is ready by then. */
export function recordWriter(format: Format, options: RecordWriterOptions = {}): RecordWriter {
  switch (format) {
    case 'jsonl':
      return { write: (record) => `${JSON.stringify(record)}\n`, end: () => '' };
    case 'csv':
      return csvWriter(options);
    case 'table':
      return tableWriter(options);
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

function csvWriter({ excel = false }: RecordWriterOptions): RecordWriter {
  const toCsv = (row: readonly unknown[]) => stringify([row], { escape_formulas: excel });
  let header: string | undefined = (excel ? '\ufeff' : '') + toCsv(CSV_COLUMNS);
  const takeHeader = () => {
    const text = header ?? '';
    header = undefined;
    return text;
  };
  return { write: (record) => takeHeader() + toCsv(csvRow(record)), end: takeHeader };
}

function csvRow({ image, outcome, reason, message, tags, broader, model, timings, taggedAt }: ImageRecord): unknown[] {
  const row: Record<(typeof CSV_COLUMNS)[number], unknown> = {
    image: withStrayBytes(nameOf(image)),
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
