/**
 * How long the published package takes, installed from its tarball into an empty folder: the times of packages/tagmill/README.md. The
 * command takes turns with the checkout's.
 *
 *   npm run build:package -- tagmill && npm run bench -- published
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from '../helpers/command.ts';
import { install, isBuilt, PHOTO, runNode, runNpx, startNode } from '../published/packages.ts';
import { conclude, machine, percentiles, print, timeInterleaved } from './harness.ts';

const ROUNDS = 5;
const COMMAND = 'node_modules/tagmill/dist/tagmill.js';
const VARIANT = 'everyday/0.75-128';

/** Prints how long the import and `open` took together, the first image, and each of the next 20, in milliseconds. */
const LIBRARY = `
  const start = performance.now();
  const { Tagger } = await import('tagmill');
  const tagger = await Tagger.open({ variant: '${VARIANT}' });
  const times = [performance.now() - start];
  for (let i = 0; i <= 20; i++) {
    const before = performance.now();
    await tagger.tag('photo.jpg');
    times.push(performance.now() - before);
  }
  await tagger.close();
  console.log(JSON.stringify(times));`;

if (!isBuilt('tagmill')) {
  print('published: the package is missing: npm run build:package -- tagmill');
  process.exit(1);
}
const folder = install(['tagmill']);
try {
  fs.copyFileSync(PHOTO, path.join(folder, 'photo.jpg'));
  const commands = await timeInterleaved(
    { published: async () => tagBy('npx'), checkout: async () => tagBy('checkout') },
    { warmUp: 1, iterations: ROUNDS },
  );
  const library = Array.from({ length: ROUNDS }, readLibraryTimes);
  const ups: { ready: number; record: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) ups.push(await timeUp());
  const timings = {
    'npx tagmill tag': commands.published,
    'the same in the checkout': commands.checkout,
    'import and open': percentiles(library.map(([open]) => open!)),
    'the first image': percentiles(library.map(([, first]) => first!)),
    'each of the next': percentiles(library.flatMap((times) => times.slice(2))),
    'up, to ready': percentiles(ups.map(({ ready }) => ready)),
    'upload to record': percentiles(ups.map(({ record }) => record)),
  };
  print(JSON.stringify(machine()));
  for (const [name, { p50, p95, iterations }] of Object.entries(timings))
    print(`${name.padEnd(25)} p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, ${iterations} times`);
  const value = commands.published.p50 / commands.checkout.p50;
  conclude('published', timings, [{ what: "the package's command / the checkout's", value, atMost: 1.3 }]);
} finally {
  fs.rmSync(folder, { recursive: true });
}

function tagBy(way: 'npx' | 'checkout'): void {
  const args = ['tag', 'photo.jpg', '--variant', VARIANT, '--format', 'jsonl'];
  const options = { cwd: folder, encoding: 'utf8' } as const;
  const { status, stderr } =
    way === 'npx'
      ? runNpx(folder, 'tagmill', ...args)
      : spawnSync('npx', ['--no', '--prefix', ROOT, 'tagmill', ...args], options);
  if (status !== 0) throw new Error(`tag ended with ${status}: ${stderr}`);
}

function readLibraryTimes(): number[] {
  const { stdout, stderr } = runNode(folder, '--input-type=module', '-e', LIBRARY);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Milliseconds until it is ready, and from then until a photo that is uploaded has its record. */
async function timeUp(): Promise<{ ready: number; record: number }> {
  const start = performance.now();
  const up = startNode(folder, COMMAND, 'up', '--port', '0');
  const exit = once(up, 'exit');
  try {
    const [line] = await Promise.race([once(createInterface(up.stdout), 'line'), exit]);
    if (typeof line !== 'string') throw new Error(`up ended with ${line}`);
    const ready = performance.now();
    const { s3, uploadBucket, api } = JSON.parse(line);
    await fetch(`${s3}/${uploadBucket}/photo.jpg`, { method: 'PUT', body: fs.readFileSync(PHOTO) });
    while (!(await fetch(new URL(`images/${uploadBucket}/photo.jpg`, api))).ok) await delay(20);
    return { ready: ready - start, record: performance.now() - ready };
  } finally {
    up.kill('SIGINT');
    await exit;
  }
}
