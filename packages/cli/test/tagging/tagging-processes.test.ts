import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { quadrants } from '../../../tagger/test/pictures.ts';
import { recordFile } from '../../src/tagging/file-record.ts';
import { type FileTaggerOptions, openFileTagger } from '../../src/tagging/file-tagger.ts';
import { estimateWork, processesFor } from '../../src/tagging/recorder.ts';
import { TaggingProcesses } from '../../src/tagging/tagging-processes.ts';

jest.setTimeout(120_000);

/** What other processes there are is asked of ps. */
const onUnix = process.platform === 'win32' ? test.skip : test;

const options: FileTaggerOptions = {
  variant: 'everyday/0.5-96',
  top: 5,
  minConfidence: 0.1,
  concurrency: 4,
  crops: 1,
};
const COUNT = 40;
let folder: string;
let files: string[];
let processes: TaggingProcesses | undefined;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tagging-processes-'));
  files = Array.from({ length: COUNT }, (_, i) => path.join(folder, `${i}.jpg`));
  const contents: Record<number, Promise<Uint8Array>> = {
    3: quadrants().avif().toBuffer(),
    // More memory than is taken side by side.
    5: quadrants(6000, 4000).jpeg({ progressive: true }).toBuffer(),
    7: Promise.resolve(Buffer.from('this is text')),
  };
  for (const [i, file] of files.entries()) {
    fs.writeFileSync(
      file,
      await (contents[i] ??
        quadrants(64 + i, 64)
          .jpeg()
          .toBuffer()),
    );
  }
  fs.rmSync(files[9]!);
});
afterEach(async () => {
  await processes?.close();
  processes = undefined;
  jest.restoreAllMocks();
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Process ids of those that tag for this one. */
function taggingProcesses(): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, state, ...command]) => {
      return parent === String(process.pid) && !state!.startsWith('Z') && /tagging-process\.js/.test(command.join(' '));
    })
    .map(([pid]) => Number(pid));
}

/** What a record says of its image, whoever made it and whenever. */
const lasting = ({ timings: _, taggedAt: __, ...record }: ImageRecord) => record;

describe('processes that tag', () => {
  test('say of each file what this one would say: of a good one, one that is decoded apart, a bad one and a missing one', async () => {
    processes = await TaggingProcesses.start(2, options);
    const theirs = await Promise.all(files.map((file) => processes!.record(file)));
    const tagger = await openFileTagger(options);
    const ours = await Promise.all(files.map((file) => recordFile(file, tagger)));
    await tagger.close();
    expect(theirs.map(lasting)).toEqual(ours.map(lasting));
    const reasons = [3, 5, 7, 9].map((i) => theirs[i]!.reason);
    expect(reasons).toEqual([undefined, undefined, 'unsupported-format', 'unreadable']);
  });

  onUnix('lose nothing when one of them crashes: it is said, and another takes its place', async () => {
    processes = await TaggingProcesses.start(2, options);
    // So that both are open.
    await Promise.all(files.map((file) => processes!.record(file)));
    const before = taggingProcesses();
    const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const records = files.map((file) => processes!.record(file));
    process.kill(before[0]!, 'SIGSEGV');
    const outcomes = (await Promise.all(records)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome !== 'tagged' && outcome !== 'empty')).toEqual(['rejected', 'failed']);
    expect(said.mock.calls.join()).toContain('A process that tagged images ended with SIGSEGV');
    const after = taggingProcesses();
    expect(after).toHaveLength(2);
    expect(after).toContain(before[1]);
    expect(after).not.toContain(before[0]);
  });

  onUnix('end with the work', async () => {
    processes = await TaggingProcesses.start(2, options);
    expect(taggingProcesses()).toHaveLength(2);
    await processes.close();
    expect(taggingProcesses()).toEqual([]);
  });

  test('fail to start with the error that opening the tagger fails with', async () => {
    const starting = TaggingProcesses.start(2, { ...options, variant: 'everyday/9.9-64' });
    await expect(starting).rejects.toMatchObject({ code: 'unknown-variant' });
  });
});

describe('how many processes tag', () => {
  const machine = { cores: 4, availableBytes: 2 ** 33 };

  test.each([
    ['one where there is little to do', 100, { concurrency: 8 }, machine, 1],
    ['as many as there is work for', 300, { concurrency: 8 }, machine, 3],
    ['one a core', 100_000, { concurrency: 8 }, machine, 4],
    ['no more than images are to be in flight', 100_000, { concurrency: 1 }, machine, 1],
    ['no more than there is memory for', 100_000, { concurrency: 8 }, { ...machine, availableBytes: 2 ** 30 }, 2],
    ['one with a latency budget', 100_000, { concurrency: 8, budget: 50 }, machine, 1],
  ])('%s', (_, work, asked, where, expected) => {
    expect(processesFor(work, asked, where)).toBe(expected);
  });

  test('is told by how large their images are, where those are few', async () => {
    const large = path.join(folder, 'large.jpg');
    fs.writeFileSync(large, '');
    fs.truncateSync(large, 2_000_000);
    expect(await estimateWork(Array(20).fill(large))).toBe(220);
    expect(await estimateWork([large, path.join(folder, 'missing.jpg')])).toBe(12);
    const many = Array(1000 * os.availableParallelism()).fill(large);
    expect(await estimateWork(many)).toBe(many.length);
  });
});
