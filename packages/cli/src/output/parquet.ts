import type { ImageRecord } from '@tagmill/core';
import type { SchemaElement } from 'hyparquet';
import { fileWriter, parquetWriteRows } from 'hyparquet-writer';

/** Rows that are held in memory. */
const ROW_GROUP_SIZE = 10_000;

const text = (name: string): SchemaElement[] => [
  { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
];
const number = (name: string): SchemaElement[] => [{ name, type: 'DOUBLE', repetition_type: 'OPTIONAL' }];
const byte = (name: string): SchemaElement[] => [
  { name, type: 'INT32', converted_type: 'INT_8', repetition_type: 'OPTIONAL' },
];
const time = (name: string): SchemaElement[] => [
  { name, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', repetition_type: 'OPTIONAL' },
];

/** As Parquet's logical types have it: https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists */
const list = (name: string, [element]: SchemaElement[]): SchemaElement[] => [
  { name, converted_type: 'LIST', repetition_type: 'REQUIRED', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { ...element!, name: 'element', repetition_type: 'REQUIRED' },
];

/** Its columns, each with what a record has for it. */
const COLUMNS: { schema: SchemaElement[]; value: (record: ImageRecord) => unknown }[] = [
  { schema: text('bucket'), value: ({ image }) => ('bucket' in image ? image.bucket : undefined) },
  { schema: text('key'), value: ({ image }) => ('key' in image ? image.key : image.path) },
  { schema: text('outcome'), value: ({ outcome }) => outcome },
  { schema: text('reason'), value: ({ reason }) => reason },
  { schema: text('message'), value: ({ message }) => message },
  { schema: list('tags', text('tag')), value: ({ tags }) => tags.map(({ name }) => name) },
  { schema: list('confidences', number('confidence')), value: ({ tags }) => tags.map(({ confidence }) => confidence) },
  { schema: list('broader', text('tag')), value: ({ broader }) => broader.map(({ name }) => name) },
  {
    schema: list('broaderConfidences', number('confidence')),
    value: ({ broader }) => broader.map(({ confidence }) => confidence),
  },
  { schema: text('variant'), value: ({ model }) => model?.variant },
  { schema: number('decodeMs'), value: ({ timings }) => timings?.decodeMs },
  { schema: number('inferMs'), value: ({ timings }) => timings?.inferMs },
  { schema: number('totalMs'), value: ({ timings }) => timings?.totalMs },
  { schema: number('width'), value: ({ image }) => image.width },
  { schema: number('height'), value: ({ image }) => image.height },
  { schema: number('bytes'), value: ({ image }) => image.bytes },
  { schema: text('format'), value: ({ image }) => image.format },
  { schema: text('takenAt'), value: ({ image }) => image.takenAt },
  { schema: text('sha256'), value: ({ image }) => image.sha256 },
  { schema: text('hash'), value: ({ fingerprint }) => fingerprint?.hash },
  { schema: number('sharpness'), value: ({ fingerprint }) => fingerprint?.sharpness },
  { schema: text('space'), value: ({ fingerprint }) => fingerprint?.space },
  { schema: list('embedding', byte('byte')), value: ({ fingerprint }) => numbersOf(fingerprint?.embedding) },
  { schema: time('taggedAt'), value: ({ taggedAt }) => new Date(taggedAt) },
];

/** The embedding times 127; none if there is none. */
function numbersOf(embedding = ''): number[] {
  return [...new Int8Array(Buffer.from(embedding, 'base64'))];
}

const nameOf = ({ schema }: (typeof COLUMNS)[number]) => schema[0]!.name;

/** Writes records to a Parquet file, a row each; tags and their confidences are lists side by side. */
export async function writeParquet(file: string, records: AsyncIterable<ImageRecord>): Promise<void> {
  await parquetWriteRows({
    writer: fileWriter(file),
    rows: rowsOf(records),
    columns: COLUMNS.map((column) => ({ name: nameOf(column) })),
    schema: [{ name: 'images', num_children: COLUMNS.length }, ...COLUMNS.flatMap(({ schema }) => schema)],
    rowGroupSize: ROW_GROUP_SIZE,
  });
}

async function* rowsOf(records: AsyncIterable<ImageRecord>): AsyncGenerator<Record<string, unknown>> {
  for await (const record of records) {
    yield Object.fromEntries(COLUMNS.map((column) => [nameOf(column), column.value(record) ?? null]));
  }
}
