/**
 * Gives thumbnails a latency budget of their own, and shows what each photo gets:
 *
 *   npx --no node -- examples/budget-rule.ts PHOTO
 *
 * Starts the pipeline here with a budget rule, uploads the photo under two keys, and prints each record's budget and variant.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { ImageRecord } from '@tagmill/core';

const MOST_MS = 180_000;
const options = { latencyBudgetMs: 2000, budgetRules: [{ prefix: 'thumbnails/', latencyMs: 40 }] };

const photo = await readFile(process.argv[2]!);
const up = spawn(
  process.execPath,
  ['packages/cli/bin/tagmill.js', 'up', '--fresh', '--port', '0', '--stack-options', JSON.stringify(options)],
  { stdio: ['ignore', 'pipe', 'ignore'] },
);
try {
  const [line] = await once(createInterface(up.stdout), 'line');
  const { s3, api, uploadBucket } = JSON.parse(line) as Record<string, string>;
  for (const key of ['originals/photo.jpg', 'thumbnails/photo.jpg']) {
    await fetch(`${s3}/${uploadBucket}/${key}`, { method: 'PUT', body: photo });
    const { budget, model } = await recordOf(`${api}images/${uploadBucket}/${key}`);
    process.stdout.write(`${key}: ${budget?.latencyMs} ms, ${model?.variant}, ${budget?.reason}\n`);
  }
} finally {
  up.kill('SIGINT');
  await once(up, 'exit');
}

/** Asks until the image has been looked at. */
async function recordOf(url: string): Promise<ImageRecord> {
  for (const end = Date.now() + MOST_MS; Date.now() < end; await delay(200)) {
    const response = await fetch(url);
    if (response.ok) return (await response.json()) as ImageRecord;
  }
  throw new Error(`No record at ${url} within ${MOST_MS} ms`);
}
