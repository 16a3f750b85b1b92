import fs from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ImageRecord, TagmillError } from '@tagmill/core';
import type { STORED_FORMATS } from './formats.ts';
import { writeParquet } from './parquet.ts';
import { recordWriter } from './record-formats.ts';

export interface WriteRecordsOptions {
  format: (typeof STORED_FORMATS)[number];
  /** A file; standard output if absent. */
  output?: string | undefined;
}

/**
 * Writes records as they come; a table when it has them all.
 *
 * @throws {TagmillError} `invalid-argument` if the format needs a file and none is named.
 */
export async function writeRecords(
  records: AsyncIterable<ImageRecord>,
  { format, output }: WriteRecordsOptions,
): Promise<void> {
  if (format === 'parquet') {
    if (output === undefined) throw new TagmillError('invalid-argument', 'Parquet goes to a file: give --output FILE');
    return writeParquet(output, records);
  }
  const text = async function* () {
    const writer = recordWriter(format);
    for await (const record of records) yield writer.write(record);
    yield writer.end();
  };
  await writeLines(text(), output);
}

/** Writes text as it comes, to a file or to standard output. */
export async function writeLines(text: AsyncIterable<string>, output: string | undefined): Promise<void> {
  const isFile = output !== undefined;
  await pipeline(Readable.from(text), isFile ? fs.createWriteStream(output) : process.stdout, { end: isFile });
}
