import { type ImageRecord, TagmillError } from '@tagmill/core';
import { type Copies, findCopies, type Picture } from '@tagmill/look-alikes';
import { EXIT } from '../errors.ts';
import { type CopiesFormat, copiesWriter } from '../output/copies-formats.ts';
import { nameOf } from '../output/record-writer.ts';
import { writeLines } from '../output/write-records.ts';
import { type ApiChoice, findApi, nothingFound, storedImages, tellUnreadable } from '../stack/stored-images.ts';
import { type FingerprintOptions, fingerprintFiles } from '../tagging/fingerprint-files.ts';

export interface DuplicatesCommandOptions extends ApiChoice, FingerprintOptions {
  /** Files, folders and globs, in place of a stack's images. */
  photos?: string[];
  format: CopiesFormat;
  output?: string;
  excel: boolean;
}

/** An image whose copies are looked for, with its record. */
export interface RecordedPicture extends Picture {
  image: ImageRecord['image'];
}

/** `tagmill duplicates`: groups of images that show the same picture, with the one to keep, and why. */
export async function listDuplicates(
  expression: string | undefined,
  { photos, format, output, excel, ...options }: DuplicatesCommandOptions,
): Promise<void> {
  if (photos && expression !== undefined) {
    throw new TagmillError('invalid-argument', 'Give an expression for the images of a stack, or --photos, not both');
  }
  const records = photos ? fingerprintFiles(photos, options) : storedRecords(expression, options);
  const pictures: RecordedPicture[] = [];
  let without = 0;
  for await (const record of records) {
    const picture = asPicture(record);
    if (picture) pictures.push(picture);
    // What can't be tagged has none, and is told elsewhere.
    else if (record.outcome === 'tagged' || record.outcome === 'empty') without++;
  }
  const groups = findCopies(pictures);
  const writer = copiesWriter(format, { excel });
  await writeLines(textOf(groups, writer), output);
  tellOutcome(groups, pictures.length, without);
}

async function* storedRecords(expression: string | undefined, choice: ApiChoice): AsyncGenerator<ImageRecord> {
  const found = nothingFound();
  yield* storedImages(await findApi(choice), { expression, fingerprint: true }, found);
  await tellUnreadable(found.unreadable, choice);
}

async function* textOf(groups: readonly Copies<RecordedPicture>[], writer: ReturnType<typeof copiesWriter>) {
  for (const [i, group] of groups.entries()) yield writer.write(group, i + 1);
  yield writer.end();
}

/** Only what comparing takes is kept of a record: a bucket may have very many. */
function asPicture({ image, model, fingerprint }: ImageRecord): RecordedPicture | undefined {
  if (!fingerprint) return undefined;
  const { width, height, bytes, takenAt } = image;
  return { name: nameOf(image), image, fingerprint, resolution: model?.resolution, width, height, bytes, takenAt };
}

function tellOutcome(groups: readonly Copies<RecordedPicture>[], compared: number, without: number): void {
  const surplus = groups.reduce((sum, { others }) => sum + others.length, 0);
  process.stderr.write(
    groups.length === 0
      ? `Groups of copies: none. Images compared: ${compared}\n`
      : `Groups of copies: ${groups.length}. Of ${compared} images, ${surplus} could go\n`,
  );
  if (without === 0) return;
  process.exitCode = EXIT.failed;
  process.stderr.write(
    `Images left out, since they were tagged before there were fingerprints: ${without}. They get one when they are uploaded again\n`,
  );
}
