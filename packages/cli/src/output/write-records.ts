import { type ImageRecord, TagmillError } from '@tagmill/core';
import type { STORED_FORMATS } from './formats.ts';
import { assertNoImage, openOutput } from './output.ts';
import { writeParquet } from './parquet.ts';
import { recordWriter } from './record-formats.ts';
import type { RecordWriterOptions } from './record-writer.ts';

export interface WriteRecordsOptions extends RecordWriterOptions {
  format: (typeof STORED_FORMATS)[number];
  /** A file; standard output if absent. */
  output?: string | undefined;
}

/**
 * Writes records as they come; a table when it has them all.
 *
 * @throws {TagmillError} `invalid-argument` if the format needs a file and none is named, or it can't be written.
 */
export async function writeRecords(
  records: AsyncIterable<ImageRecord>,
  { format, output, ...options }: WriteRecordsOptions,
): Promise<void> {
  if (format === 'parquet') {
    if (output === undefined) throw new TagmillError('invalid-argument', 'Parquet goes to a file: give --output FILE');
    await assertNoImage(output);
    return writeParquet(output, records);
  }
  const text = async function* () {
    const writer = recordWriter(format, { ...options, toFile: output !== undefined });
    for await (const record of records) yield writer.write(record);
    yield writer.end();
  };
  await writeLines(text(), output);
}

/** Writes text as it comes, to a file or to standard output. */
export async function writeLines(text: AsyncIterable<string>, file: string | undefined): Promise<void> {
  const output = await openOutput(file);
  try {
    for await (const each of text) await output.write(each);
  } finally {
    await output.close();
  }
}
