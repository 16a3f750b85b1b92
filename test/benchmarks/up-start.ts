/**
 * How long `tagmill up` takes until it is ready, by turns: as a first start, as a later one, and as another checkout's if one is named.
 *
 *   npm run bench -- up-start [--before DIR]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { ROOT } from '../helpers/command.ts';
import { conclude, machine, print, timeInterleaved } from './harness.ts';

const ITERATIONS = 5;

const { before } = parseArgs({ options: { before: { type: 'string' } } }).values;
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'up-start-'));
const kept = path.join(scratch, 'kept');
try {
  const timings = await timeInterleaved<string>(
    {
      ...(before !== undefined && { before: () => startAndStop(before, kept) }),
      first: () => startAndStop(ROOT, fs.mkdtempSync(path.join(scratch, 'empty-'))),
      later: () => startAndStop(ROOT, kept),
    },
    { warmUp: 1, iterations: ITERATIONS },
  );
  print(JSON.stringify(machine()));
  for (const [name, { p50, p95 }] of Object.entries(timings))
    print(`${name.padEnd(6)} p50 ${(p50 / 1000).toFixed(2)} s, p95 ${(p95 / 1000).toFixed(2)} s, ${ITERATIONS} starts`);
  const { later, first, before: other } = timings;
  if (other) print(`later / before: ${(later!.p50 / other.p50).toFixed(2)}`);
  conclude('up-start', timings, [
    { what: 'a later start, seconds', value: later!.p50 / 1000, atMost: 5 },
    { what: 'a later start / a first one', value: later!.p50 / first!.p50, atMost: 0.5 },
  ]);
} finally {
  fs.rmSync(scratch, { recursive: true });
}

/** Until the line that says it is ready, and on until it has ended, which is no part of a benchmark's next turn. */
async function startAndStop(checkout: string, cache: string): Promise<void> {
  const env = { ...process.env, XDG_CACHE_HOME: cache, XDG_STATE_HOME: path.join(scratch, 'state') };
  const bin = path.join(checkout, 'packages/cli/bin/tagmill.js');
  const child = spawn(process.execPath, [bin, 'up', '--port', '0'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const exit = once(child, 'exit');
  const ready = once(createInterface(child.stdout), 'line');
  const [code] = await Promise.race([ready, exit]);
  if (typeof code === 'number') throw new Error(`tagmill up ended with ${code}`);
  child.kill('SIGINT');
  await exit;
}
