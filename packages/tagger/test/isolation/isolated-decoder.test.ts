import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { DEFAULT_LIMITS, decode, inspect } from '../../src/index.ts';
import { runIsolated } from '../../src/isolation/isolated-decoder.ts';
import { quadrants } from '../pictures.ts';
import { avifOfFrames } from './bombs.ts';

jest.setTimeout(60_000);

/** What a process was started with is asked of /proc. */
const onLinux = process.platform === 'linux' ? test : test.skip;

const scaling = { width: 16, height: 16, fit: 'fill' } as const;
const preprocessing = { inputSize: 16, fit: 'squash', centralFraction: 1 } as const;
let small: Buffer;
let slow: Buffer;
let heavy: Buffer;

/** Those that other tests, run by the same process before, left idle. */
let others: number[] = [];

/** Process ids of this process's decoders. */
function decoders(): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...command]) => parent === String(process.pid) && /decoder-process/.test(command.join(' ')))
    .map(([pid]) => Number(pid))
    .filter((pid) => !others.includes(pid));
}

const jobOf = async (bytes: Buffer) => ({ bytes, header: await inspect(bytes, DEFAULT_LIMITS), scaling });

/** Kills the next decoder that is seen, so often. */
async function killNext(times: number): Promise<number[]> {
  const killed: number[] = [];
  const deadline = Date.now() + 20_000;
  while (killed.length < times && Date.now() < deadline) {
    const [pid] = decoders().filter((each) => !killed.includes(each));
    if (pid !== undefined) {
      process.kill(pid, 'SIGKILL');
      killed.push(pid);
    }
    await sleep(20);
  }
  return killed;
}

beforeAll(async () => {
  others = decoders();
  small = await quadrants().avif().toBuffer();
  slow = await avifOfFrames(400);
  heavy = await quadrants(3000, 2000).avif({ effort: 0 }).toBuffer();
});
afterEach(async () => {
  await runIsolated(await jobOf(small));
});

describe('a decoder in a process of its own', () => {
  test('decodes one image after the other', async () => {
    const job = await jobOf(small);
    const [first, second] = await Promise.all([runIsolated(job), runIsolated(job)]);
    expect(first).toMatchObject({ width: 16, height: 16 });
    expect(Buffer.from(second.data)).toEqual(Buffer.from(first.data));
    expect(decoders()).toHaveLength(1);
  });

  test('refuses a damaged image as it would here, and goes on', async () => {
    const before = decoders();
    const job = await jobOf(small);
    const damaged = runIsolated({ ...job, bytes: small.subarray(0, small.length - 100) });
    await expect(damaged).rejects.toMatchObject({ code: 'corrupt' });
    await runIsolated(job);
    expect(decoders()).toEqual(before);
  });

  test('is ended by an image that takes too long, of which the header says nothing', async () => {
    const job = await jobOf(slow);
    expect(job.header).toMatchObject({ width: 2000, height: 1500 });
    const before = decoders();
    const start = performance.now();
    await expect(runIsolated(job, { timeLimitMs: 500 })).rejects.toMatchObject({ code: 'timeout', retryable: true });
    expect(performance.now() - start).toBeLessThan(5000);
    expect(decoders()).not.toContain(before[0]);
  });

  test('that is killed once gives the image another try', async () => {
    const job = await jobOf(heavy);
    const [pixels, killed] = await Promise.all([runIsolated(job), killNext(1)]);
    expect(pixels).toMatchObject({ width: 16, height: 16 });
    expect(killed).toHaveLength(1);
  });

  test('that an image crashes twice makes it rejected, and the next one is decoded', async () => {
    const header = await inspect(slow, DEFAULT_LIMITS);
    const crash = expect(decode(slow, header, preprocessing)).rejects.toMatchObject({
      code: 'crashed-decoder',
      facts: { format: 'avif', width: 2000 },
    });
    const [killed] = await Promise.all([killNext(2), crash]);
    expect(killed).toHaveLength(2);
  });

  test('takes its memory along after an image that took much', async () => {
    await runIsolated(await jobOf(heavy));
    expect(decoders()).toEqual([]);
  });

  test('is one, however many images that take much memory wait for it', async () => {
    const header = await inspect(heavy, DEFAULT_LIMITS);
    const work = Promise.all(Array.from({ length: 4 }, () => decode(heavy, header, preprocessing)));
    let most = 0;
    let isDone = false;
    work.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      most = Math.max(most, decoders().length);
      await sleep(50);
    }
    expect(await work).toHaveLength(4);
    expect(most).toBe(1);
  });

  onLinux('is not given the credentials, and keeps nobody waiting who is done', async () => {
    const environment = { ...process.env, AWS_SESSION_TOKEN: 'secret' };
    const script = `
      import { runIsolated } from '${path.join(import.meta.dirname, '../../src/isolation/isolated-decoder.ts')}';
      import fs from 'node:fs';
      const job = JSON.parse(process.argv[1]);
      await runIsolated({ ...job, bytes: fs.readFileSync(process.argv[2]) });
      const children = fs.readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8').trim().split(' ');
      process.stdout.write(fs.readFileSync('/proc/' + children[0] + '/environ', 'utf8'));`;
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'isolated-')), 'small.avif');
    fs.writeFileSync(file, small);
    const { header } = await jobOf(small);
    const job = JSON.stringify({ header, scaling });
    const flags = ['--input-type=module', '--eval', script, job, file];
    const seen = execFileSync(process.execPath, flags, { encoding: 'utf8', env: environment, timeout: 30_000 });
    expect(seen).toContain('PATH=');
    expect(seen).not.toContain('secret');
  });
});
