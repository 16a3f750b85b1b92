import fs from 'node:fs/promises';
import path from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { afterAll, beforeAll } from '@jest/globals';
import type { Fingerprint, ImageRecord, Label, Tag } from '@tagmill/core';
import { openStack } from '@tagmill/stack-client';
import { TagStore } from '@tagmill/tag-store';
import { makeFingerprint } from '@tagmill/tagger';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { createRoutes } from '../../../functions/query-tags/src/routes.ts';
import { wordsInForce } from '../../../functions/query-tags/src/vocabulary.ts';
import { startAws } from '../../../test/helpers/aws.ts';
import { launchChromium } from '../../../test/helpers/browser.ts';
import { ROOT } from '../../../test/helpers/command.ts';
import { serveRoutes } from '../../../test/helpers/serve-routes.ts';
import { noRules } from '../../pipeline/test/fake-bucket.ts';
import { record } from '../../tag-store/test/records.ts';
import { startDynamo } from '../../tag-store/test/temporary-table.ts';
import { serveGallery } from '../src/index.ts';

export const BUCKET = 'photos';

/** Pixels of a side that a network would see. */
const SEEN_AT = 128;

/** A photo that is there: what a test cares about. */
export interface GivenPhoto {
  key: string;
  tags: Tag[];
  broader?: ImageRecord['broader'];
  takenAt?: string;
  fingerprint?: Fingerprint;
  outcome?: 'rejected' | 'failed';
  /** Pixels of its longer side. */
  side?: number;
  /** A picture of its own, whose fingerprint is kept. */
  file?: Buffer;
}

/** Widths and themes that each of the page's abilities is tried at. */
export const LOOKS = [
  { width: 1360, colorScheme: 'light' },
  { width: 1360, colorScheme: 'dark' },
  { width: 390, colorScheme: 'light' },
  { width: 390, colorScheme: 'dark' },
] as const;

export type Look = (typeof LOOKS)[number];

/** The gallery over a real table, API and bucket that hold these photos; nothing tags or removes them. */
async function startSmallGallery(photos: readonly GivenPhoto[]) {
  const [aws, dynamo] = [await startAws(), await startDynamo()];
  aws.createBucket(BUCKET);
  const table = { client: dynamo.client, tableName: await dynamo.createTable() };
  const labels: Label[] = JSON.parse(await fs.readFile(path.join(ROOT, 'models/labels/everyday.json'), 'utf8'));
  const routes = createRoutes(
    { ...table, vocabulary: wordsInForce(labels, noRules), announce: async () => {} },
    new Logger({ logLevel: 'SILENT' }),
  );
  const api = await serveRoutes(routes);
  const stack = openStack({
    queueUrl: aws.createQueue('live'),
    backfillQueueUrl: aws.createQueue('backfill'),
    deadLetterQueueUrl: aws.createQueue('dead'),
    uploadBucket: BUCKET,
    table: table.tableName,
    api: `${api.url}/`,
    endpoints: { s3: aws.s3, sqs: aws.sqs, dynamodb: dynamo.endpoint },
  });
  const store = new TagStore(table);
  const add = async (photo: GivenPhoto, index = photos.length) => {
    const { key, side = 320, file } = photo;
    const etag = await stack.objects.put({ bucket: BUCKET, key }, file ?? (await picture(index, side)));
    const name = { bucket: BUCKET, key };
    const record = recordOf(photo, etag, index);
    if (file) Object.assign(record.image, await factsOf(file));
    const fingerprint = photo.fingerprint ?? (file && (await fingerprintOf(file)));
    await store.write(await store.read(name), { record, fingerprint, at: new Date() });
  };
  for (const [index, photo] of photos.entries()) await add(photo, index);
  const gallery = await serveGallery({ stack, uploadBucket: BUCKET });
  return {
    url: gallery.url,
    aws,
    stack,
    store,
    add,
    /** A page of its own, as a device shows it. */
    open: async (browser: Browser, { width, colorScheme }: Look, at = ''): Promise<Page> => {
      const page = await browser.newPage({ viewport: { width, height: 860 }, colorScheme, hasTouch: width < 600 });
      page.setDefaultTimeout(15_000);
      await page.goto(`${gallery.url}${at}`);
      return page;
    },
    close: async () => {
      await gallery.close();
      await api.close();
      await dynamo.close();
      await aws.close();
    },
  };
}

/** Starts a gallery of these photos, and Chromium, before the tests of the block around, and stops both after them. */
export function smallGalleryInChromium(photos: readonly GivenPhoto[]) {
  let gallery: Awaited<ReturnType<typeof startSmallGallery>>;
  let browser: Browser;
  beforeAll(async () => {
    gallery = await startSmallGallery(photos);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await gallery?.close();
  });
  return {
    gallery: () => gallery,
    open: (look: Look, at?: string) => gallery.open(browser, look, at),
  };
}

function recordOf({ key, tags, broader = [], takenAt, outcome }: GivenPhoto, etag: string, index: number): ImageRecord {
  const of = record(key, tags, {
    broader,
    taggedAt: new Date(Date.UTC(2026, 0, 1) - index * 60_000).toISOString(),
    ...(outcome && { outcome, reason: outcome === 'rejected' ? ('corrupt' as const) : ('gave-up' as const) }),
  });
  const sha256 = Buffer.from(key).toString('hex').padEnd(64, '0').slice(0, 64);
  return {
    ...of,
    image: { ...of.image, bucket: BUCKET, key, etag, sha256, width: 320, height: 240, ...(takenAt && { takenAt }) },
  };
}

async function factsOf(file: Buffer) {
  const { width, height } = await sharp(file).metadata();
  return { width, height, bytes: file.length };
}

async function fingerprintOf(file: Buffer): Promise<Fingerprint> {
  const pixels = await sharp(file).resize(SEEN_AT, SEEN_AT, { fit: 'fill' }).removeAlpha().raw().toBuffer();
  return makeFingerprint(pixels, SEEN_AT, undefined);
}

/** Each of another colour. */
function picture(index: number, side: number): Promise<Buffer> {
  const background = `hsl(${(index * 47) % 360}, 35%, 55%)`;
  return sharp({ create: { width: side, height: Math.round(side * 0.75), channels: 3, background } })
    .jpeg()
    .toBuffer();
}

/** A file for the page to take up. */
export async function photoFile(folder: string, name: string): Promise<string> {
  const file = path.join(folder, name);
  await fs.writeFile(file, await picture(7, 320));
  return file;
}
