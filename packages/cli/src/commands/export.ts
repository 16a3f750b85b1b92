import { type ImageRecord, TagmillError } from '@tagmill/core';
import { EXIT } from '../errors.ts';
import type { EXPORT_FORMATS } from '../record-formats.ts';
import { type SidecarOptions, writeSidecar } from '../sidecars.ts';
import { type ApiChoice, findApi, nothingFound, storedImages } from '../stored-images.ts';
import { writeRecords } from '../write-records.ts';

export interface ExportCommandOptions extends ApiChoice, Omit<SidecarOptions, 'originals'> {
  format: (typeof EXPORT_FORMATS)[number];
  output?: string;
  originals?: string;
}

/** `tagmill export`: the records of all images, or of those that an expression describes; or sidecars beside the originals. */
export async function exportImages(expression: string | undefined, options: ExportCommandOptions): Promise<void> {
  const { format, output, originals, ...more } = options;
  const found = nothingFound();
  const records = storedImages(await findApi(more), { expression, scan: true }, found);
  if (format !== 'xmp') await writeRecords(records, { format, output });
  else if (originals !== undefined) await writeSidecars(records, { ...more, originals });
  else throw new TagmillError('invalid-argument', 'Sidecars go beside the originals: give --originals DIR');
  process.stderr.write(`${found.images} images exported\n`);
}

async function writeSidecars(records: AsyncIterable<ImageRecord>, options: SidecarOptions): Promise<void> {
  const counts = { written: 0, 'without an original': 0, 'there already': 0 };
  for await (const record of records) {
    if (record.tags.length + record.broader.length > 0) counts[await writeSidecar(record, options)]++;
  }
  const told = Object.entries(counts).map(([result, count]) => `${count} ${result}`);
  process.stderr.write(`Sidecars: ${told.join(', ')}\n`);
  if (counts['without an original'] + counts['there already'] > 0) process.exitCode = EXIT.failed;
}
