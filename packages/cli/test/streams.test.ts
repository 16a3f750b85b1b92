import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { parseJsonl, runLine, startTagmill, tagmill } from '../../../test/helpers/command.ts';
import { quadrants } from '../../tagger/test/pictures.ts';

jest.setTimeout(120_000);

/** A disk that is full. */
const onLinux = fs.existsSync('/dev/full') ? test : test.skip;

let folder: string;
const at = (name: string) => path.join(folder, name);
/** Enough for several processes. */
const COUNT = 300;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'streams-'));
  fs.mkdirSync(at('many'));
  fs.mkdirSync(at('empty'));
  await quadrants().jpeg().toFile(at('a.jpg'));
  for (let i = 0; i < COUNT; i++) fs.linkSync(at('a.jpg'), at(`many/${i}.jpg`));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe('tagmill tag', () => {
  test('ends well and without a word when its reader has seen enough', async () => {
    const child = startTagmill('tag', at('many'), '--format', 'jsonl', '--variant', 'everyday/0.5-96');
    let stderr = '';
    child.stderr.on('data', (text) => (stderr += text));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = await once(child, 'close');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  onLinux('says in one line that a disk is full', () => {
    const redirected = runLine(`npx tagmill tag many --format jsonl > /dev/full`, { cwd: folder, env: {} });
    expect(redirected).toMatchObject({
      code: 1,
      stderr: 'tagmill: Standard output cannot be written: no space is left\n',
    });
    const named = tagmill('tag', at('many'), '--format', 'jsonl', '--output', '/dev/full');
    expect(named).toMatchObject({ code: 1, stderr: 'tagmill: /dev/full cannot be written: no space is left\n' });
  });

  test.each([
    [
      'into a folder that is missing',
      () => at('none/x.csv'),
      /none\/x\.csv cannot be written: there is no such folder/,
    ],
    ['onto a folder', () => at('empty'), /empty cannot be written: it is a folder/],
    ['over a photo', () => at('a.jpg'), /a\.jpg is to be tagged, and --output would destroy it/],
    ['over another photo', () => at('many/1.jpg'), /1\.jpg is an image \(jpeg\), which --output would destroy/],
  ])('refuses in one line to write %s', (_, output, message) => {
    const before = fs.readFileSync(at('a.jpg'));
    const { code, stderr } = tagmill('tag', at('a.jpg'), '--output', output());
    expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 2, lines: 1 });
    expect(stderr).toMatch(message);
    expect(fs.readFileSync(at('a.jpg'))).toEqual(before);
  });

  test('says of an empty folder that it is', () => {
    expect(tagmill('tag', at('empty'))).toEqual({ code: 0, stdout: '', stderr: `No images in ${at('empty')}\n` });
  });

  test('ends with 1 if a folder could not be read, and tags the rest', () => {
    const deep = 'd'.repeat(250);
    fs.mkdirSync(at('tree'));
    fs.copyFileSync(at('a.jpg'), at('tree/a.jpg'));
    spawnSync('bash', ['-c', `for i in {1..20}; do mkdir ${deep} && cd ${deep}; done`], { cwd: at('tree') });
    const { code, stdout, stderr } = tagmill('tag', at('tree'), '--format', 'jsonl');
    spawnSync('rm', ['-rf', at('tree')]);
    expect({ code, records: parseJsonl(stdout).length }).toEqual({ code: 1, records: 1 });
    expect(stderr).toMatch(/^Cannot be read: .*ENAMETOOLONG$/m);
    expect(stderr).toMatch(/^1 folders could not be read$/m);
  });

  test('tags names in Latin-1, and its record names them to the byte', () => {
    const name = Buffer.concat([Buffer.from(at('latin1-caf')), Buffer.from([0xe9]), Buffer.from('.jpg')]);
    fs.copyFileSync(at('a.jpg'), name);
    const { code, stdout } = runLine('npx tagmill tag latin1-*.jpg --format jsonl', { cwd: folder, env: {} });
    fs.rmSync(name);
    expect(code).toBe(0);
    expect(stdout).toContain('"path":"latin1-caf\\udce9.jpg"');
  });

  test('goes on with a jsonl that broke off, and takes paths from standard input', () => {
    const first = tagmill('tag', at('a.jpg'), '--format', 'jsonl');
    fs.writeFileSync(at('resumed.jsonl'), `${first.stdout}{"schemaVersion":1,"ima`);
    const line = 'printf "%s\\0" "$A" "$B" | npx tagmill tag - --resume resumed.jsonl';
    const { code, stderr } = runLine(line, { cwd: folder, env: { A: at('a.jpg'), B: at('many/7.jpg') } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '1 images are done already\n' });
    const records = parseJsonl<ImageRecord>(fs.readFileSync(at('resumed.jsonl'), 'utf8'));
    expect(records.map(({ image }) => (image as { path: string }).path)).toEqual([at('a.jpg'), at('many/7.jpg')]);
  });

  test('writes the format that the output’s name asks for', () => {
    tagmill('tag', at('a.jpg'), '--output', at('named.csv'));
    expect(fs.readFileSync(at('named.csv'), 'utf8')).toMatch(/^image,outcome/);
  });
});
