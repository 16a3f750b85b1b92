import { type WriteRecordsOptions, writeRecords } from '../output/write-records.ts';
import {
  type ApiChoice,
  type Found,
  findApi,
  nothingFound,
  storedImages,
  tellUnreadable,
} from '../stack/stored-images.ts';

export interface QueryCommandOptions extends ApiChoice, WriteRecordsOptions {
  limit: number;
  explain: boolean;
}

/** `tagmill query`: the images that an expression describes, most confident first. */
export async function queryImages(
  expression: string,
  { limit, explain, format, output, excel, ...choice }: QueryCommandOptions,
): Promise<void> {
  const found = nothingFound();
  const records = storedImages(await findApi(choice), { expression, limit }, found);
  await writeRecords(records, { format, output, excel });
  for (const { name, similar } of found.unknownNames) {
    const meant = similar.length > 0 ? ` Did you mean ${similar.join(', ')}?` : '';
    process.stderr.write(`No tag is called ${name}: it was looked for in file and folder names.${meant}\n`);
  }
  if (found.images === 0) process.stderr.write('No image answers that\n');
  await tellUnreadable(found.unreadable, choice);
  if (explain) explainOn(found);
  if (found.hasMore) process.stderr.write(`There may be more: --limit shows more than ${limit}\n`);
}

function explainOn({ images, examined, readUnits, accessPath, considered }: Found): void {
  for (const each of considered) process.stderr.write(`considered ${each.accessPath}: about ${each.entries} or more\n`);
  process.stderr.write(`read ${accessPath}\n`);
  process.stderr.write(`looked at ${examined} entries for ${images} images, ${readUnits} read units\n`);
}
