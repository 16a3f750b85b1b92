import { type ImageRecord, TagmillError } from '@tagmill/core';
import { EXIT } from '../errors.ts';
import { formatCount } from '../output/format-count.ts';
import type { EXPORT_FORMATS } from '../output/formats.ts';
import { type SidecarOptions, writeSidecar } from '../output/sidecars.ts';
import { type WriteRecordsOptions, writeLines, writeRecords } from '../output/write-records.ts';
import { type ApiChoice, findApi, nothingFound, storedImages, tellUnreadable } from '../stack/stored-images.ts';

export interface ExportCommandOptions
  extends ApiChoice,
    Omit<SidecarOptions, 'originals'>,
    Pick<WriteRecordsOptions, 'excel'> {
  format: (typeof EXPORT_FORMATS)[number];
  output?: string;
  originals?: string;
  /** Only what people said. */
  corrections: boolean;
}

/** `tagmill export`: the records of all images, or of those that an expression describes; or sidecars beside the originals. */
export async function exportImages(expression: string | undefined, options: ExportCommandOptions): Promise<void> {
  const { format, output, originals, corrections, excel, ...more } = options;
  const found = nothingFound();
  const records = storedImages(await findApi(more), { expression, fingerprint: format === 'parquet' }, found);
  if (corrections) await exportCorrections(records, { format, output });
  else if (format !== 'xmp') await writeRecords(records, { format, output, excel });
  else if (originals !== undefined) await writeSidecars(records, { ...more, originals });
  else throw new TagmillError('invalid-argument', 'Sidecars go beside the originals: give --originals DIR');
  if (!corrections) process.stderr.write(`${formatCount(found.images, 'image')} exported\n`);
  await tellUnreadable(found.unreadable, more);
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

/** A labelled image a line: what people say is on it and what isn't; of anything else they say nothing. */
async function exportCorrections(
  records: AsyncIterable<ImageRecord>,
  { format, output }: Pick<ExportCommandOptions, 'format'> & Pick<WriteRecordsOptions, 'output'>,
): Promise<void> {
  if (format !== 'jsonl') throw new TagmillError('invalid-argument', '--corrections are written as jsonl only');
  let count = 0;
  const lines = async function* () {
    for await (const { image, tags, removed = [], model } of records) {
      const positive = tags.filter(({ by }) => by === 'person').map(({ name }) => name);
      if (positive.length + removed.length === 0) continue;
      count++;
      yield `${JSON.stringify({ image, positive, negative: removed, variant: model?.variant })}\n`;
    }
  };
  await writeLines(lines(), output);
  process.stderr.write(`${formatCount(count, 'corrected image')} exported\n`);
}
