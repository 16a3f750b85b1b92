import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { Logger } from '@aws-lambda-powertools/logger';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Fingerprint, ImageRecord } from '@tagmill/core';
import { TagStore } from '@tagmill/tag-store';
import { parse } from 'csv-parse/sync';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { createRoutes } from '../../../../functions/query-tags/src/routes.ts';
import { wordsInForce } from '../../../../functions/query-tags/src/vocabulary.ts';
import { parseJsonl, startTagmill } from '../../../../test/helpers/command.ts';
import { noRules } from '../../../pipeline/test/fake-bucket.ts';
import { record, tag } from '../../../tag-store/test/records.ts';
import { startDynamo, type TemporaryDynamo } from '../../../tag-store/test/temporary-table.ts';

jest.setTimeout(60_000);

const IMAGES = 130;
let dynamo: TemporaryDynamo;
let server: http.Server;
let endpoint: string;
let scratch: string;

beforeAll(async () => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'stored-images-'));
  dynamo = await startDynamo();
  const table = { client: dynamo.client, tableName: await dynamo.createTable() };
  const store = new TagStore(table);
  const write = async (next: ImageRecord, fingerprint?: Fingerprint) => {
    const { bucket, key } = next.image as { bucket: string; key: string };
    await store.write(await store.read({ bucket, key }), { record: next, fingerprint, at: new Date(0) });
  };
  for (let i = 0; i < IMAGES; i++)
    await write(record(`many/${i}.jpg`, [tag('collie', 0.9 - i / 1000, 'dog', 'animal')]));
  await write(
    record('cat & “dog”.jpg', [tag('tabby cat', 0.8, 'cat', 'animal'), tag('<b>', 0.2)], {
      broader: [{ name: 'pet', confidence: 0.8 }],
      taggedAt: '2026-03-01T00:00:00.000Z',
    }),
    { hash: '00112233445566ff', sharpness: 12.5, space: 'test-4-abc', embedding: 'AQL+gQ==' },
  );
  await write(record('../outside.jpg', [tag('tabby cat', 0.1)]));
  const { model, timings, budget, ...rejected } = record('bad.jpg', [], { outcome: 'rejected', reason: 'corrupt' });
  await write(rejected);

  const routes = createRoutes(
    { ...table, vocabulary: wordsInForce([], noRules), announce: async () => {} },
    new Logger({ logLevel: 'SILENT' }),
  );
  server = http.createServer(async (request, response) => {
    const { url = '', method = '' } = request;
    const body = Buffer.concat(await request.toArray()).toString();
    const [rawPath, rawQueryString = ''] = url.split(/\?(.*)/s) as [string, string?];
    const {
      statusCode,
      headers,
      body: answer,
    } = await routes({
      rawPath,
      rawQueryString,
      body,
      requestContext: { http: { method } },
    });
    response.writeHead(statusCode!, headers as http.OutgoingHttpHeaders).end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await dynamo.close();
  fs.rmSync(scratch, { recursive: true });
});

async function run(...args: string[]) {
  const child = startTagmill(...args);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, stdout, stderr };
}

const query = (...args: string[]) => run('query', ...args, '--endpoint', endpoint);
const keyOf = ({ image }: ImageRecord) => (image as { key: string }).key;

describe('tagmill query', () => {
  test('prints the images that an expression describes, most confident first, as many as are asked for', async () => {
    const { code, stdout, stderr } = await query('dog and confidence>0.7', '--format', 'jsonl', '--limit', '110');
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'There may be more: --limit shows more than 110\n' });
    const keys = parseJsonl<ImageRecord>(stdout).map(keyOf);
    expect(keys).toEqual(Array.from({ length: 110 }, (_, i) => `many/${i}.jpg`));
  });

  test('prints a table for people, and CSV', async () => {
    const table = await query('cat');
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout).toMatch(/photos\/cat & “dog”\.jpg +│ tabby cat 80%/);
    const csv = await query('cat', '--format', 'csv');
    expect(parse(csv.stdout, { columns: true })).toMatchObject([
      { image: 'photos/cat & “dog”.jpg', tags: 'tabby cat;<b>' },
    ]);
  });

  test('says how it found them, and what that cost', async () => {
    const { stderr } = await query('animal and "tabby cat"', '--format', 'jsonl', '--explain');
    expect(stderr).toMatch(/considered tags, most confident first: animal, collie, tabby cat: about \d+ or more\n/);
    expect(stderr).toMatch(
      /read tags, most confident first: tabby cat\nlooked at 2 entries for 1 images, [\d.]+ read units/,
    );
  });

  test('finds nothing without a fuss, and says which name no tag has', async () => {
    const nothing = { code: 0, stdout: '' };
    expect(await query('dog and cat')).toEqual({ ...nothing, stderr: 'No image answers that\n' });
    expect(await query('zebra')).toEqual({
      ...nothing,
      stderr: 'No tag is called zebra: it was looked for in file and folder names.\nNo image answers that\n',
    });
    const { stderr } = await query('tabby cta');
    expect(stderr).toContain('No tag is called cta');
  });

  test.each([
    ['an expression that makes no sense', ['dog and ('], 2, /column 10: expected a name/],
    ['no limit at all', ['dog', '--limit', '0'], 2, /whole number/],
    ['an unknown format', ['dog', '--format', 'xml'], 2, /Allowed choices are table, jsonl, csv, parquet/],
    ['Parquet on a terminal', ['dog', '--format', 'parquet'], 2, /--output FILE/],
    ['two stacks', ['dog', '--stack', 'other'], 2, /not both/],
  ])('refuses %s', async (_, args, expected, message) => {
    const { code, stdout, stderr } = await query(...args);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('says so if nothing answers, or no stack runs', async () => {
    const refused = await run('query', 'dog', '--endpoint', 'http://127.0.0.1:9');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/API cannot be reached/) });
    const none = await run('query', 'dog');
    expect(none).toMatchObject({ code: 1, stderr: expect.stringMatching(/No local stack is running/) });
    expect(await run('query', 'dog', '--endpoint', 'nowhere')).toMatchObject({ code: 2 });
  });

  test.each([
    ['not animal', ['../outside.jpg', 'bad.jpg']],
    ['-animal', ['../outside.jpg', 'bad.jpg']],
    ['outside', ['../outside.jpg']],
    ['tabby cat -outside', ['cat & “dog”.jpg']],
    ['folder:many 10.jpg', ['many/10.jpg']],
    ['folder:many 10 -100 -101', [2, 3, 4, 5, 6, 7, 8, 9].map((n) => `many/10${n}.jpg`).concat('many/10.jpg')],
  ])('takes what people type: %s', async (expression, expected) => {
    const { code, stdout } = await run('query', '--endpoint', endpoint, '--format', 'jsonl', '--', expression);
    expect(code).toBe(0);
    expect(parseJsonl<ImageRecord>(stdout).map(keyOf).sort()).toEqual(expected.toSorted());
  });
});

describe('tagmill export', () => {
  test('writes every record', async () => {
    const { code, stdout, stderr } = await run('export', '--endpoint', endpoint);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `${IMAGES + 3} images exported\n` });
    expect(new Set(parseJsonl<ImageRecord>(stdout).map(keyOf)).size).toBe(IMAGES + 3);
  });

  test('writes Parquet that another program reads, lists and times and gaps included', async () => {
    const output = path.join(scratch, 'images.parquet');
    expect(await run('export', '--format', 'parquet', '--output', output, '--endpoint', endpoint)).toMatchObject({
      code: 0,
    });
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(output) });
    expect(rows).toHaveLength(IMAGES + 3);
    expect(rows.find(({ key }) => key === 'cat & “dog”.jpg')).toMatchObject({
      bucket: 'photos',
      outcome: 'tagged',
      reason: null,
      tags: ['tabby cat', '<b>'],
      confidences: [0.8, 0.2],
      broader: ['pet'],
      totalMs: 10,
      hash: '00112233445566ff',
      sharpness: 12.5,
      space: 'test-4-abc',
      embedding: [1, 2, -2, -127],
      taggedAt: new Date('2026-03-01T00:00:00Z'),
    });
    const nothing = { tags: [], variant: null, hash: null, embedding: [] };
    expect(rows.find(({ key }) => key === 'bad.jpg')).toMatchObject({ reason: 'corrupt', ...nothing });
    const empty = path.join(scratch, 'none.parquet');
    expect(
      await run('export', 'zebra', '--format', 'parquet', '--output', empty, '--endpoint', endpoint),
    ).toMatchObject({ code: 0 });
    expect(await parquetReadObjects({ file: await asyncBufferFromFile(empty) })).toEqual([]);
  });
});

describe('sidecars', () => {
  const hasExiftool = spawnSync('exiftool', ['-ver']).status === 0;
  const originalsWith = (...keys: string[]) => {
    const originals = path.join(fs.mkdtempSync(path.join(scratch, 'originals-')), 'photos');
    for (const key of keys) {
      fs.mkdirSync(path.dirname(path.join(originals, key)), { recursive: true });
      fs.writeFileSync(path.join(originals, key), 'an image');
    }
    return originals;
  };
  const exportXmp = (expression: string, originals: string, ...more: string[]) =>
    run('export', expression, '--format', 'xmp', '--originals', originals, ...more, '--endpoint', endpoint);

  test('are written beside the originals that are there, and nowhere else', async () => {
    const originals = originalsWith('cat & “dog”.jpg', 'other.jpg', '../outside.jpg');
    const { code, stderr } = await exportXmp('"tabby cat"', originals);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'Sidecars: 1 written, 1 without an original, 0 there already\n2 images exported\n',
    });
    expect(fs.readdirSync(originals).sort()).toEqual(['cat & “dog”.jpg', 'cat & “dog”.jpg.xmp', 'other.jpg']);
    expect(fs.readdirSync(path.dirname(originals)).sort()).toEqual(['outside.jpg', 'photos']);
  });

  test('do not replace what someone else wrote, unless they are told to', async () => {
    const originals = originalsWith('many/0.jpg');
    fs.writeFileSync(path.join(originals, 'many/0.xmp'), 'mine');
    const names = ['--sidecar-names', 'replaced'];
    const first = await exportXmp('dog and confidence>0.8995', originals, ...names);
    expect(first).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('0 written, 0 without an original, 1 there already'),
    });
    expect(fs.readFileSync(path.join(originals, 'many/0.xmp'), 'utf8')).toBe('mine');
    const second = await exportXmp('dog and confidence>0.8995', originals, ...names, '--overwrite');
    expect(second).toMatchObject({ code: 0 });
    expect(fs.readFileSync(path.join(originals, 'many/0.xmp'), 'utf8')).toContain('dog|collie');
  });

  test('need to know where the originals are', async () => {
    expect(await run('export', '--format', 'xmp', '--endpoint', endpoint)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--originals DIR/),
    });
  });

  (hasExiftool ? test : test.skip)('are understood by exiftool, if it is installed', async () => {
    const originals = originalsWith('cat & “dog”.jpg');
    await exportXmp('cat', originals);
    const { stdout, stderr } = spawnSync(
      'exiftool',
      [
        '-json',
        '-validate',
        '-Subject',
        '-HierarchicalSubject',
        '-CreatorTool',
        path.join(originals, 'cat & “dog”.jpg.xmp'),
      ],
      {
        encoding: 'utf8',
      },
    );
    expect({ stderr, read: JSON.parse(stdout) }).toMatchObject({
      stderr: '',
      read: [
        {
          Subject: ['tabby cat', '<b>', 'pet', 'cat', 'animal'],
          HierarchicalSubject: ['cat|tabby cat', '<b>'],
          CreatorTool: 'tagmill',
          Validate: 'OK',
        },
      ],
    });
  });
});

describe('tagmill correct', () => {
  const image = 's3://photos/cat & “dog”.jpg';
  const correct = (...args: string[]) => run('correct', image, ...args, '--endpoint', endpoint);

  test('says what a person says, which an export of corrections has, and takes it back', async () => {
    const said = await correct('--add', 'party hat', 'pet', '--remove', '<b>');
    expect(said).toMatchObject({
      code: 0,
      stdout: 'party hat (by a person), pet (by a person), tabby cat\nnot: <b>\n',
    });
    const exported = await run('export', '--corrections', '--endpoint', endpoint);
    expect(exported.stderr).toBe('1 corrected image exported\n');
    expect(parseJsonl(exported.stdout)).toMatchObject([
      { image: { key: 'cat & “dog”.jpg' }, positive: ['party hat', 'pet'], negative: ['<b>'] },
    ]);
    const { stdout } = await correct('--forget', 'party hat', 'pet', '<b>', '--json');
    expect(JSON.parse(stdout).tags.map(({ name }: { name: string }) => name)).toEqual(['tabby cat', '<b>']);
  });

  test.each([
    [[], 2, /Say what is so: --add, --remove or --forget a tag/],
    [['--add', ' '], 2, /add: 0: is no name of a tag/],
  ])('is refused with one line if it makes no sense: %j', async (args, code, message) => {
    const { stderr, ...result } = await correct(...args);
    expect(result).toEqual({ code, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('tagmill correct --query', () => {
  const correct = (...args: string[]) => run('correct', '--endpoint', endpoint, ...args);
  const namesOf = async (expression: string) => {
    const { stdout } = await run('query', '--endpoint', endpoint, '--format', 'jsonl', '--limit', '500', expression);
    return parseJsonl<ImageRecord>(stdout).map(keyOf);
  };

  test('corrects all images that it describes, and takes it back', async () => {
    const before = await namesOf('collie name:10');
    const tried = await correct('--query', 'collie name:10', '--remove', 'collie', '--add', 'pug', '--dry-run');
    expect(tried).toMatchObject({ code: 0, stderr: `${before.length} images would be corrected\n` });
    expect(tried.stdout.trim().split('\n').sort()).toEqual(before.map((key) => `s3://photos/${key}`).sort());
    expect(await namesOf('pug')).toEqual([]);

    const done = await correct('--query', 'collie name:10', '--remove', 'collie', '--add', 'pug');
    expect(done).toMatchObject({ code: 0, stderr: `${before.length} images corrected\n` });
    expect(done.stdout).toContain('s3://photos/many/107.jpg: pug (by a person); not: collie\n');
    expect(await namesOf('collie name:10')).toEqual([]);
    expect((await namesOf('pug')).sort()).toEqual(before.toSorted());

    await correct('--query', 'pug', '--forget', 'collie', 'pug');
    expect((await namesOf('collie name:10')).sort()).toEqual(before.toSorted());
  });

  test('goes on past an image that has no tags to correct, names it, and ends with 1', async () => {
    const { code, stdout, stderr } = await correct('--query', 'bad or outside', '--add', 'sofa', '--json');
    expect({ code, keys: parseJsonl<ImageRecord>(stdout).map(keyOf) }).toEqual({ code: 1, keys: ['../outside.jpg'] });
    expect(stderr).toMatch(/s3:\/\/photos\/bad\.jpg: bad\.jpg is rejected/);
    expect(stderr).toMatch(/1 image corrected, 1 not\n$/);
    await correct('--query', 'sofa', '--forget', 'sofa');
  });

  test.each([
    [['--add', 'dog'], /Name an image, s3:\/\/BUCKET\/KEY, or describe some: --query EXPRESSION/],
    [['s3://photos/a.jpg', '--query', 'dog', '--add', 'dog'], /Name an image/],
    [['s3://photos/a.jpg', '--dry-run', '--add', 'dog'], /--dry-run goes with --query/],
    [['--query', 'dog and (', '--add', 'dog'], /column 10: expected a name/],
  ])('is refused with one line if it makes no sense: %j', async (args, message) => {
    const { code, stdout, stderr } = await correct(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
