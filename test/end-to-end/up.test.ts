import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { imageId } from '@tagmill/tag-store';
import { ROOT, runLine, startTagmill, startTagmillIn, tagmill } from '../helpers/command.ts';
import { inventoryObjects } from '../helpers/inventory.ts';
import { makePhotos } from '../helpers/photos.ts';
import { eventually } from '../helpers/pipeline-stack.ts';

jest.setTimeout(120_000);

describe('tagmill up', () => {
  let child: ReturnType<typeof startTagmill>;
  let stderr = '';
  let ready: Record<string, string>;
  const cache = { XDG_CACHE_HOME: fs.mkdtempSync(path.join(os.tmpdir(), 'up-cache-')) };
  beforeAll(async () => {
    child = startTagmillIn(cache, '--verbose', 'up', '--port', '0', '--budget', '777');
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const [line] = await once(createInterface(child.stdout), 'line');
    ready = JSON.parse(line);
  });
  afterAll(() => {
    child.kill('SIGKILL');
  });

  const s3 = () =>
    new S3Client({
      endpoint: ready.s3!,
      region: 'us-east-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
      forcePathStyle: true,
    });
  const put = (Bucket: string, Key: string, Body: Uint8Array) => s3().send(new PutObjectCommand({ Bucket, Key, Body }));
  const record = async (key: string) => {
    const response = await fetch(`${ready.api}images/${ready.uploadBucket}/${key}`);
    return response.ok ? response.json() : undefined;
  };

  test('prints where everything is, what it skips, and where it differs', () => {
    for (const name of ['s3', 'sqs', 'dynamodb', 'api', 'gallery'])
      expect(ready[name]).toMatch(/^http:\/\/127\.0\.0\.1:\d+/);
    for (const name of ['uploadBucket', 'queueUrl', 'backfillQueueUrl', 'deadLetterQueueUrl', 'table']) {
      expect(ready[name]).toBeTruthy();
    }
    // As README.md has it.
    expect(ready.uploadBucket).toBe('tagmill-uploads-000000000000-us-east-1');
    expect(stderr).toMatch(/^Nothing is kept: .*--data DIR/m);
    expect(stderr).toMatch(/Skipped: .*AWS::IAM::Role/);
    expect(stderr).toMatch(/Note: not emulated: permissions/);
  });

  test('tags what any AWS client uploads, within the budget that was given', async () => {
    const [photo] = await makePhotos(1, 9);
    await put(ready.uploadBucket!, 'in/a.jpg', photo!);
    const found = await eventually(
      () => record('in/a.jpg'),
      (value) => value !== undefined,
    );
    expect(found).toMatchObject({ budget: { latencyMs: 777 } });
  });

  test('is found by backfill and redrive', () => {
    expect(tagmill('backfill', `s3://${ready.uploadBucket}/in/`)).toMatchObject({
      code: 0,
      stdout: '1 image enqueued\n',
    });
    expect(tagmill('redrive')).toMatchObject({ code: 0, stdout: '0 messages moved back, 0 left\n' });
    const none = tagmill('redrive', '--image', `s3://${ready.uploadBucket}/in/a.jpg`);
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('No dead-lettered message') });
    expect(tagmill('backfill', 'in/')).toMatchObject({ code: 2, stderr: expect.stringContaining('is not s3://') });
  });

  test('reads an inventory in place of its bucket, for backfill and reconcile', async () => {
    await s3().send(new CreateBucketCommand({ Bucket: 'inventories' }));
    const { manifestKey, objects } = inventoryObjects({
      sourceBucket: ready.uploadBucket!,
      files: [[{ key: 'in/a.jpg' }, { key: 'out/b.jpg' }]],
    });
    for (const [key, body] of objects) await put('inventories', key, body);
    const inventory = ['--inventory', `s3://inventories/${manifestKey}`];
    expect(tagmill('backfill', `s3://${ready.uploadBucket}/in/`, ...inventory)).toMatchObject({
      code: 0,
      stdout: '1 image enqueued\n',
      stderr: '1 enqueued\n',
    });
    const compared = await eventually(
      () => tagmill('reconcile', '--grace-minutes', '0', ...inventory),
      ({ code }) => code === 0,
    );
    // Neither the one that was tagged after the inventory was made is taken for lost, nor the one that isn't there.
    expect(compared.stdout).toContain('2 objects and 1 records compared\n0 enqueued');
    const ordered = tagmill('backfill', `s3://${ready.uploadBucket}/`, ...inventory, '--start-after', 'a');
    expect(ordered).toMatchObject({ code: 2, stderr: expect.stringContaining('no order') });
  });

  test('has a gallery, and another one by `tagmill gallery`, which ends on Ctrl-C', async () => {
    const page = await fetch(ready.gallery!);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<title>tagmill</title>')]);
    const gallery = startTagmill('gallery', '--port', '0');
    const [line] = await once(createInterface(gallery.stdout), 'line');
    const { gallery: url } = JSON.parse(line);
    expect(url).not.toBe(ready.gallery);
    expect(await (await fetch(`${url}stack`)).json()).toMatchObject({
      uploadBucket: ready.uploadBucket,
      deadLetters: 0,
    });
    expect(await (await fetch(`${url}api/stats`)).json()).toMatchObject({ images: 1 });
    gallery.kill('SIGINT');
    expect(await once(gallery, 'exit')).toEqual([0, null]);
    await expect(fetch(url)).rejects.toThrow();
  });

  test('answers what README asks, corrects and renames, each command as it stands there', async () => {
    const readme = fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8');
    const [, tour] = /## Ask, correct, rename\n+```sh\n(.*?)\n```/s.exec(readme)!;
    const [photo] = await makePhotos(1, 9);
    await put(ready.uploadBucket!, 'cat.jpg', photo!);
    await eventually(
      () => record('cat.jpg'),
      (value) => value !== undefined,
    );
    const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'readme-'));
    for (const line of tour!.split('\n')) {
      const { code, stderr } = runLine(line, { cwd, env: { BUCKET: ready.uploadBucket } });
      expect({ line, code, stderr }).toMatchObject({ line, code: 0 });
    }
    expect(fs.readdirSync(cwd).sort()).toEqual(['report.html', 'rules.yaml', 'tags.parquet']);
    const { tags, removed } = (await record('cat.jpg')) as ImageRecord;
    expect({ tag: tags[0], removed }).toMatchObject({ tag: { name: 'my cat', by: 'person' }, removed: ['dog'] });
    fs.rmSync(cwd, { recursive: true });
  });

  test('takes keys of any characters, one by one and in bulk', async () => {
    const [photo] = await makePhotos(1, 9);
    await put(ready.uploadBucket!, 'odd/🐈 é.jpg', photo!);
    const key = encodeURIComponent('🐈 é.jpg');
    await eventually(
      () => record(`odd/${key}`),
      (value) => value !== undefined,
    );
    expect(tagmill('backfill', `s3://${ready.uploadBucket}/odd/`)).toMatchObject({
      code: 0,
      stdout: '1 image enqueued\n',
    });
    const url = `s3://${ready.uploadBucket}/odd/🐈 é.jpg`;
    expect(tagmill('correct', url, '--add', 'my tiger')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^my tiger/),
    });
  });

  test('goes on past a record that can’t be read, names it, and mends it', async () => {
    const { endpoint, TableName } = { endpoint: ready.dynamodb!, TableName: ready.table! };
    const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
    const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region: 'us-east-1', credentials }));
    const url = `s3://${ready.uploadBucket}/in/a.jpg`;
    expect(tagmill('correct', url, '--add', 'my tiger').code).toBe(0);
    const orphan = `I#${imageId({ bucket: ready.uploadBucket!, key: 'never.jpg' })}`;
    const Item = { pk: orphan, sk: 'R', rev: 1, state: 'written', content: Buffer.from('ff', 'hex') };
    await dynamodb.send(new PutCommand({ TableName, Item }));
    await dynamodb.send(
      new UpdateCommand({
        TableName,
        Key: { pk: `I#${imageId({ bucket: ready.uploadBucket!, key: 'in/a.jpg' })}`, sk: 'R' },
        UpdateExpression: 'SET content = :content',
        ExpressionAttributeValues: { ':content': Buffer.from('01ffffff', 'hex') },
      }),
    );
    dynamodb.destroy();
    const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'damaged-'));
    fs.writeFileSync(path.join(cwd, 'rules.yaml'), 'tags: { cat: { minConfidence: 0.4 } }');
    const others = [
      ['export'],
      ['query', 'outcome:tagged or outcome:empty'],
      ['report', '--output', path.join(cwd, 'report.html')],
      ['rules', 'diff', path.join(cwd, 'rules.yaml')],
    ];
    for (const args of others) {
      const { code, stdout, stderr } = tagmill(...args);
      expect({ args, code, stderr }).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`The record of ${url}`),
      });
      if (args[0] === 'export') expect(stdout).toContain('"cat.jpg"');
    }
    fs.rmSync(cwd, { recursive: true });
    expect(tagmill('correct', url, '--add', 'cat')).toMatchObject({ code: 1, stderr: expect.stringContaining(url) });
    expect(tagmill('status')).toMatchObject({ code: 1, stdout: expect.stringContaining(`! The record of ${url}`) });
    expect(tagmill('status').stdout).toContain(`! The record of ${orphan}`);
    const { stdout } = tagmill('reconcile');
    expect(stdout).toContain('The record of in/a.jpg could not be read: it is enqueued');
    expect(stdout).toContain('1 unreadable records were of no object any more: they go');
    await eventually(
      () => tagmill('status', '--json'),
      ({ stdout }) => JSON.parse(stdout).unreadable.records.length === 0,
    );
    // What a person said outlives the record.
    const { image, tags } = (await record('in/a.jpg')) as ImageRecord;
    expect(image).toMatchObject({ key: 'in/a.jpg' });
    expect(tags).toContainEqual(expect.objectContaining({ name: 'my tiger', by: 'person' }));
  });

  test('stops on Ctrl-C, and then is not found any more', async () => {
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(stderr).toMatch(/Stopped; nothing was kept\n$/);
    for (const url of [ready.api!, ready.gallery!]) await expect(fetch(url)).rejects.toThrow();
    expect(tagmill('redrive')).toMatchObject({ code: 1, stderr: expect.stringContaining('No local stack is running') });
  });

  test('bundles nothing when it starts with the same again, and tags as before', async () => {
    expect(stderr).toContain('Bundling the functions');
    child = startTagmillIn(cache, 'up', '--port', '0', '--budget', '777');
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    const [line] = await once(createInterface(child.stdout), 'line');
    ready = JSON.parse(line);
    expect(said).not.toContain('Bundling');
    const [photo] = await makePhotos(1, 9);
    await put(ready.uploadBucket!, 'again.jpg', photo!);
    const found = await eventually(
      () => record('again.jpg'),
      (value) => value !== undefined,
    );
    expect(found).toMatchObject({ budget: { latencyMs: 777 } });
  });
});

test.each([
  ['an option that the stack doesn’t have', ['--stack-options', '{"bach":1}'], /unknown bach; there are: .*batchSize/],
  ['options that are no JSON', ['--stack-options', '{'], /no JSON object/],
  ['models that aren’t there', ['--models', 'nowhere'], /nowhere/],
])('tagmill up refuses %s with exit 2', (_, args, message) => {
  const { code, stdout, stderr } = tagmill('up', '--port', '0', ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
});
