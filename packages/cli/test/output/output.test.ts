import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { parse } from 'csv-parse/sync';
import { quadrants } from '../../../tagger/test/pictures.ts';
import { formatOfName, STORED_FORMATS } from '../../src/output/formats.ts';
import { openOutput } from '../../src/output/output.ts';
import { recordWriter } from '../../src/output/record-formats.ts';
import { readResumed } from '../../src/tagging/resume.ts';

/** A disk that is full. */
const onLinux = fs.existsSync('/dev/full') ? test : test.skip;

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'output-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));
const at = (name: string) => path.join(folder, name);

describe('an output', () => {
  test.each(['jpeg', 'png', 'webp', 'tiff', 'gif'] as const)('is never written over an image: %s', async (format) => {
    const image = await quadrants().toFormat(format).toBuffer();
    fs.writeFileSync(at('x.csv'), image);
    for (const append of [false, true]) {
      await expect(openOutput(at('x.csv'), { append })).rejects.toMatchObject({
        code: 'invalid-argument',
        message: expect.stringContaining(`is an image (${format})`),
      });
    }
    expect(fs.readFileSync(at('x.csv'))).toEqual(image);
  });

  test.each([
    ['a folder that is missing', 'none/x.csv', 'there is no such folder'],
    ['a folder', '.', 'it is a folder'],
  ])('that cannot be is refused in a line: %s', async (_, name, why) => {
    const message = `${at(name)} cannot be written: ${why}`;
    await expect(openOutput(at(name))).rejects.toMatchObject({ code: 'invalid-argument', message });
  });

  onLinux('on a full disk fails in a line', async () => {
    const output = await openOutput('/dev/full');
    const message = '/dev/full cannot be written: no space is left';
    await expect(output.write('x')).rejects.toMatchObject({ code: 'unavailable', message });
    await output.close();
  });

  test('keeps the order of what is written at once', async () => {
    const output = await openOutput(at('x.jsonl'));
    await Promise.all(Array.from({ length: 50 }, (_, i) => output.write(`${i}\n`)));
    await output.close();
    expect(fs.readFileSync(at('x.jsonl'), 'utf8').trim().split('\n').map(Number)).toEqual([...Array(50).keys()]);
  });

  test.each([
    ['x.csv', 'csv'],
    ['X.CSV', 'csv'],
    ['x.jsonl', 'jsonl'],
    ['x.ndjson', 'jsonl'],
    ['x.parquet', 'parquet'],
    ['x.txt', undefined],
    [undefined, undefined],
  ])('%s is of the format %s', (file, format) => expect(formatOfName(file, STORED_FORMATS)).toBe(format));
});

describe('what broke off', () => {
  const line = (name: string) => `${JSON.stringify({ image: { path: name } })}\n`;

  test('is gone on with after its last whole line', async () => {
    fs.writeFileSync(at('x.jsonl'), `${line('a.jpg')}${line('b\u2028.jpg')}${line('c.jpg').slice(0, 9)}`);
    expect([...(await readResumed(at('x.jsonl')))]).toEqual(['a.jpg', 'b\u2028.jpg']);
    expect(fs.readFileSync(at('x.jsonl'), 'utf8')).toBe(line('a.jpg') + line('b\u2028.jpg'));
  });

  test('may not be there yet', async () => expect((await readResumed(at('none.jsonl'))).size).toBe(0));

  test.each(['a photo\nor two\n', '{"other":1}\n'])(
    'is left as it is, if it is something else: %j',
    async (content) => {
      fs.writeFileSync(at('x.jsonl'), content);
      await expect(readResumed(at('x.jsonl'))).rejects.toMatchObject({ code: 'invalid-argument' });
      expect(fs.readFileSync(at('x.jsonl'), 'utf8')).toBe(content);
    },
  );
});

const record = (more: object): ImageRecord => ({
  schemaVersion: 1,
  image: { path: 'a.jpg' },
  outcome: 'tagged',
  tags: [],
  broader: [],
  timings: { decodeMs: 1.23, inferMs: 4.56, totalMs: 7.89 },
  taggedAt: '2026-03-01T00:00:00.000Z',
  ...more,
});
const written = (records: readonly ImageRecord[], ...args: Parameters<typeof recordWriter>) => {
  const writer = recordWriter(...args);
  return records.map((each) => writer.write(each)).join('') + writer.end();
};

describe('a table', () => {
  const long = [
    record({
      image: { path: `${'folder/'.repeat(20)}the-end.jpg` },
      tags: ['golden retriever', 'grand piano', 'teddy'].map((name) => ({ name, confidence: 0.5, parents: [] })),
      broader: ['animal', 'musical instrument'].map((name) => ({ name, confidence: 0.99 })),
      model: { variant: 'everyday/0.75-128-int8' },
    }),
    record({ outcome: 'rejected', reason: 'corrupt', message: 'The image cannot be decoded: it is cut off somewhere' }),
  ];

  test.each([60, 80, 120])('fits %i columns, and loses nothing but the beginning of a path', (columns) => {
    process.env.COLUMNS = String(columns);
    const table = written(long, 'table');
    delete process.env.COLUMNS;
    for (const line of table.trimEnd().split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    expect(table).toContain('the-end.jpg');
    for (const word of 'golden retriever 50%, grand piano teddy animal musical instrument 99% rejected: corrupt: somewhere'.split(
      ' ',
    )) {
      expect(table).toContain(word);
    }
    expect(table).not.toMatch(/everyday|7\.9/);
  });

  test('says once, above itself, the folder that all images share, where names would not fit', () => {
    const folder = `s3://${'a-long-name-'.repeat(5)}bucket/`;
    const images = ['2026/cat.jpg', '2025/dog.jpg'].map((key) => record({ image: { path: folder + key } }));
    const [first, ...lines] = written(images, 'table').split('\n');
    expect(first).toBe(`In ${folder}`);
    expect(lines.join('\n')).toMatch(/│ 2026\/cat\.jpg +│.*│ 2025\/dog\.jpg +│/s);
    expect(lines.join('\n')).not.toContain(folder);
  });

  test('shows how long each took if it is asked to, and which variant where a budget chose it', () => {
    expect(written(long, 'table', { timings: true })).toContain('7.9');
    expect(written(long, 'table', { hasBudget: true })).toContain('everyday/0.75-128-int8');
  });
});

describe('CSV', () => {
  const risky = [
    record({ image: { path: '=HYPERLINK("http://x")' }, tags: [{ name: '+ünder', confidence: 0.5, parents: [] }] }),
  ];

  test('for Excel begins with a byte order mark, and no cell is a formula', () => {
    const text = written(risky, 'csv', { excel: true });
    expect(text.startsWith('\ufeffimage,')).toBe(true);
    const [row] = parse<{ image: string; tags: string }>(text, { columns: true, bom: true });
    expect(row).toMatchObject({ image: `'=HYPERLINK("http://x")`, tags: "'+ünder" });
  });

  test('for programs is as it is', () => {
    const [row] = parse<{ image: string }>(written(risky, 'csv'), { columns: true });
    expect(row).toMatchObject({ image: '=HYPERLINK("http://x")' });
  });

  test('has the stray bytes of a name', () => {
    expect(written([record({ image: { path: 'caf\udce9.jpg' } })], 'csv')).toContain('caf\\xe9.jpg');
  });
});
