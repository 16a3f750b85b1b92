import { type ImageRecord, TagmillError } from '@tagmill/core';
import type { CallApi } from '@tagmill/stack-client';
import pMap from 'p-map';
import { EXIT } from '../errors.ts';
import { formatCount } from '../output/format-count.ts';
import { parseS3Url } from '../stack/stacks.ts';
import {
  type ApiChoice,
  findApi,
  nothingFound,
  readAnswer,
  storedImages,
  tellUnreadable,
} from '../stack/stored-images.ts';

export interface CorrectCommandOptions extends ApiChoice {
  /** Images that it describes, in place of one that is named. */
  query?: string;
  add: string[];
  remove: string[];
  forget: string[];
  /** Only says which images it would be. */
  dryRun: boolean;
  json?: boolean;
}

type Correction = Pick<CorrectCommandOptions, 'add' | 'remove' | 'forget'>;

/** Each writes an item and its postings. */
const AT_ONCE = 8;

/** `tagmill correct`: what a person says of the tags of an image, or of all that an expression describes. */
export async function correctTags(url: string | undefined, options: CorrectCommandOptions): Promise<void> {
  const { query, add, remove, forget, dryRun, json, ...choice } = options;
  if (add.length + remove.length + forget.length === 0) {
    throw new TagmillError('invalid-argument', 'Say what is so: --add, --remove or --forget a tag');
  }
  if ((url === undefined) === (query === undefined)) {
    throw new TagmillError('invalid-argument', 'Name an image, s3://BUCKET/KEY, or describe some: --query EXPRESSION');
  }
  if (url !== undefined && dryRun) throw new TagmillError('invalid-argument', '--dry-run goes with --query');
  const correction = { add, remove, forget };
  const callApi = await findApi(choice);
  if (query !== undefined) return correctAll(query, { callApi, correction, dryRun, json, choice });
  const record = await correct(callApi, parseS3Url(url!), correction);
  process.stdout.write(json ? `${JSON.stringify(record)}\n` : `${describeRecord(record)}\n`);
}

interface CorrectAllOptions {
  callApi: CallApi;
  correction: Correction;
  dryRun: boolean;
  json: boolean | undefined;
  choice: ApiChoice;
}

async function correctAll(query: string, { callApi, correction, dryRun, json, choice }: CorrectAllOptions) {
  const found = nothingFound();
  // All of them first: a correction may change which images are described.
  const records = await Array.fromAsync(storedImages(callApi, { expression: query }, found));
  for (const { name } of found.unknownNames) {
    process.stderr.write(`No tag is called ${name}: it was looked for in file and folder names.\n`);
  }
  const images = records.map(({ image }) => image as { bucket: string; key: string });
  let failed = 0;
  const failedToo = ({ bucket, key }: { bucket: string; key: string }, error: Error) => {
    failed++;
    process.stderr.write(`s3://${bucket}/${key}: ${error.message}\n`);
  };
  if (dryRun) for (const { bucket, key } of images) process.stdout.write(`s3://${bucket}/${key}\n`);
  else {
    await pMap(
      images,
      async (image) => {
        const record = await correct(callApi, image, correction).catch((error) => failedToo(image, error));
        if (record)
          process.stdout.write(json ? `${JSON.stringify(record)}\n` : `${nameOf(record)}: ${inLine(record)}\n`);
      },
      { concurrency: AT_ONCE },
    );
  }
  const done = dryRun
    ? `${formatCount(images.length, 'image')} would be corrected`
    : `${formatCount(images.length - failed, 'image')} corrected`;
  process.stderr.write(`${done}${failed > 0 ? `, ${failed} not` : ''}\n`);
  if (failed > 0) process.exitCode = EXIT.failed;
  await tellUnreadable(found.unreadable, choice);
}

async function correct(
  callApi: CallApi,
  { bucket, key }: { bucket: string; key: string },
  correction: Correction,
): Promise<ImageRecord> {
  const request = { method: 'POST', body: JSON.stringify(correction) };
  return readAnswer<ImageRecord>(await callApi(`image?${new URLSearchParams({ bucket, key })}`, request));
}

function nameOf({ image }: ImageRecord): string {
  const { bucket, key } = image as { bucket: string; key: string };
  return `s3://${bucket}/${key}`;
}

function inLine(record: ImageRecord): string {
  return describeRecord(record).replace('\n', '; ');
}

function describeRecord({ tags, removed = [] }: ImageRecord): string {
  const said = tags.map(({ name, by }) => (by === 'person' ? `${name} (by a person)` : name));
  return [said.join(', ') || 'no tags', ...(removed.length > 0 ? [`not: ${removed.join(', ')}`] : [])].join('\n');
}
