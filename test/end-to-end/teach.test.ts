import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Fingerprint, ImageRecord } from '@tagmill/core';
import { documentClient, TagStore } from '@tagmill/tag-store';
import { parseJsonl, startTagmill, startTagmillIn, tagmill } from '../helpers/command.ts';
import { makePhotos, samplePhotos } from '../helpers/photos.ts';
import { eventually } from '../helpers/pipeline-stack.ts';
import { striped } from '../helpers/striped.ts';

jest.setTimeout(240_000);

const TAG = 'bee stripes';
const STRIPED = Array.from({ length: 14 }, (_, i) => `stripes/${i}.png`);
/** Given as examples; the others are found. */
const EXAMPLES = STRIPED.slice(0, 12);
const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };

let stack: ReturnType<typeof startTagmill>;
let ready: Record<string, string>;
let s3: S3Client;
let store: TagStore;
let scratch: string;
let keys: string;
let otherCount: number;

const upload = (Key: string, Body: Buffer) => s3.send(new PutObjectCommand({ Bucket: ready.uploadBucket!, Key, Body }));
const nameOf = (key: string) => ({ bucket: ready.uploadBucket!, key });
const recorded = (key: string) =>
  eventually(
    () => store.readRecord(nameOf(key)),
    (record) => record !== undefined,
  );
const tagsOf = async (key: string) => (await recorded(key))!.tags.map(({ name }) => name);

/** Keys of the images that the stack's API finds by a word. */
const find = (word: string) => {
  const { stdout } = tagmill('query', word, '--format', 'jsonl', '--limit', '100');
  return parseJsonl<ImageRecord>(stdout)
    .map(({ image }) => (image as { key: string }).key)
    .sort();
};
const listFile = (name: string, lines: readonly string[]) => {
  const file = path.join(scratch, name);
  fs.writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
};
/** Inference measures an image's times anew: naming it anew leaves them. */
const measured = async () => Promise.all(STRIPED.map(async (key) => (await recorded(key))!.timings));

beforeAll(async () => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'teach-stack-'));
  stack = startTagmillIn({ XDG_CACHE_HOME: scratch }, 'up', '--port', '0', '--fresh');
  stack.stderr.resume();
  const [line] = await once(createInterface(stack.stdout), 'line');
  ready = JSON.parse(line);
  s3 = new S3Client({ endpoint: ready.s3!, region: 'us-east-1', credentials, forcePathStyle: true });
  const client = documentClient({ endpoint: ready.dynamodb!, region: 'us-east-1', credentials });
  store = new TagStore({ client, tableName: ready.table! });
  for (const [i, key] of STRIPED.entries()) await upload(key, await striped(i));
  const others = [...(await samplePhotos()), ...(await makePhotos(6, 3))];
  otherCount = others.length;
  for (const [i, photo] of others.entries()) await upload(`others/${i}.jpg`, photo);
  for (const key of STRIPED) await recorded(key);
  for (const i of others.keys()) await recorded(`others/${i}.jpg`);
  keys = listFile('keys.txt', [...EXAMPLES.slice(1), `s3://${ready.uploadBucket}/${EXAMPLES[0]}`]);
});
afterAll(() => {
  stack.kill('SIGKILL');
  fs.rmSync(scratch, { recursive: true, force: true });
});

describe("a tag that is taught by keys of a stack's images", () => {
  test('is tried without changing anything', async () => {
    const { code, stdout } = tagmill('teach', TAG, '--keys', keys, '--dry-run');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining(`${TAG}: 12 examples`) });
    expect(stdout).toContain(`14 of ${14 + otherCount} images change\n+ ${TAG}: 14\n`);
    expect(find(TAG)).toEqual([]);
    expect(tagmill('taught', 'ls', '--local', '--json')).toMatchObject({ stdout: '{\n  "tags": []\n}\n' });
  });

  test('is given to all images that show it, without looking at them again', async () => {
    const before = await measured();
    const { code, stdout } = tagmill('teach', TAG, '--keys', keys);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining(`"${TAG}" is taught`) });
    expect(find(TAG)).toEqual(STRIPED.toSorted());
    expect(await measured()).toEqual(before);
    expect((await recorded(STRIPED[13]!))!.tags).toContainEqual({
      ...{ name: TAG, parents: [], source: 'taught' },
      confidence: expect.any(Number),
    });
  });

  test('is given to new images as they come', async () => {
    await upload('new.png', await striped(40));
    expect(await tagsOf('new.png')).toContain(TAG);
  });

  test('is no tag of `tagmill tag`, and stays when rules are applied', async () => {
    expect(tagmill('taught', 'ls', '--json', '--models', path.join(scratch, 'none')).stdout).toContain('"tags": []');
    const rules = listFile('rules.yaml', ['tags:', '  dog:', '    rename: hound']);
    expect(tagmill('rules', 'apply', rules)).toMatchObject({ code: 0 });
    expect(find(TAG)).toEqual([...STRIPED, 'new.png'].toSorted());
  });

  test.each([
    [`"${TAG}" is a tag that the stack was taught`, ['rules', 'apply'], TAG],
    [`"${TAG}" is a tag that the stack was taught`, ['rules', 'diff'], TAG.toUpperCase()],
  ])('keeps its name from rules: %s (%j)', (message, command, name) => {
    const rules = listFile('clash.yaml', ['tags:', '  cat:', `    rename: ${name}`]);
    expect(tagmill(...command, rules)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });

  test('is corrected, learned anew from the corrections, and rolled back', async () => {
    const [wrong, right] = [STRIPED[13]!, 'others/0.jpg'];
    const url = (key: string) => `s3://${ready.uploadBucket}/${key}`;
    expect(tagmill('correct', url(wrong), '--remove', TAG)).toMatchObject({ code: 0 });
    for (const key of [...STRIPED.slice(0, 3), right]) {
      expect(tagmill('correct', url(key), '--add', TAG)).toMatchObject({ code: 0 });
    }
    const taught = tagmill('teach', TAG, '--keys', keys, '--from', 'corrections');
    expect(taught).toMatchObject({ code: 0 });
    expect(taught.stdout).toContain(`${TAG}: 13 examples, 1 photos that don't show it`);
    expect(await tagsOf(wrong)).not.toContain(TAG);

    const versions = () => JSON.parse(tagmill('taught', 'versions', TAG, '--json').stdout).versions;
    const inForce = () => versions().map((version: { isInForce: boolean }) => version.isInForce);
    expect(versions()).toMatchObject([
      { number: 1, exampleCount: 12, notCount: 0, isInForce: false },
      { number: 2, exampleCount: 13, notCount: 1, isInForce: true },
    ]);
    expect(tagmill('taught', 'rollback', TAG)).toMatchObject({ code: 0 });
    expect(inForce()).toEqual([true, false]);
    expect(tagmill('taught', 'rollback', TAG)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`"${TAG}" has no version before the one in force`),
    });
    // What people said of an image stays through all of it.
    expect(await tagsOf(wrong)).not.toContain(TAG);
    expect(await tagsOf(right)).toContain(TAG);
  });

  test('is taken from all images, and comes back', async () => {
    expect(tagmill('taught', 'rm', TAG.toUpperCase(), '--local')).toMatchObject({ code: 0 });
    const byPeople = [...STRIPED.slice(0, 3), 'others/0.jpg'].toSorted();
    expect(find(TAG)).toEqual(byPeople);
    expect(tagmill('taught', 'show', TAG, '--local')).toMatchObject({
      code: 1,
      stderr: `tagmill: The stack was taught no tag "${TAG}". It was taught none\n`,
    });
    expect(tagmill('taught', 'rollback', TAG, '--to', '1')).toMatchObject({ code: 0 });
    expect(find(TAG)).toHaveLength(15);
  });
});

describe('a tag that is taught by a query', () => {
  test('learns from the images that the query finds, but for those that people took it from', () => {
    tagmill('correct', `s3://${ready.uploadBucket}/${STRIPED[5]}`, '--remove', 'candy');
    const { code, stdout } = tagmill('teach', 'candy', '--query', 'folder:stripes', '--dry-run');
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("candy: 13 examples, 1 photos that don't show it"),
    });
  });

  test.each([
    ['No tag is called nosuch', ['--query', 'nosuch']],
    ['No image can be an example of "humbug"', ['--query', 'nosuch']],
    ['unknown field size', ['--query', 'size > 1']],
    ['No record of no-such-key in', ['--keys', 'MISSING']],
    ['Cannot read ', ['--keys', '/no/such/file']],
    ['Give --examples for photos, or --query', []],
    ["option '--not <dir>' cannot be used with option '--keys <file>'", ['--keys', 'MISSING', '--not', '.']],
    ["option '--examples <dir>' cannot be used with option '--dry-run'", ['--examples', '.', '--dry-run']],
  ])('is refused: %s', (message, options) => {
    const missing = listFile('missing.txt', ['no-such-key']);
    const { code, stdout, stderr } = tagmill(
      'teach',
      'humbug',
      ...options.map((each) => each.replace('MISSING', missing)),
    );
    expect({ code: code! > 0, stdout }).toEqual({ code: true, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('is refused by the name of a label, or one that rules give', () => {
    for (const name of ['dog', 'Hound']) {
      expect(tagmill('teach', name, '--keys', keys)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`"${name}" is a tag already, of a family or by the stack's rules`),
      });
    }
  });
});

describe('images that a tag cannot be told of', () => {
  const rewrite = async (key: string, change: (fingerprint: Fingerprint) => Fingerprint, variant?: string) => {
    const seen = await store.read(nameOf(key));
    const { record, scores, fingerprint, rules, lastModified } = seen;
    const more = { rules, lastModified, at: new Date() };
    await store.write(seen, {
      record,
      scores: { ...scores!, ...(variant && { variant }) },
      fingerprint: change(fingerprint!),
      ...more,
    });
  };

  test('are counted, each with why, are no examples, and do not get it until they are tagged anew', async () => {
    const odd = ['odd/without.png', 'odd/elsewhere.png', 'odd/unknown.png'] as const;
    for (const [i, key] of odd.entries()) await upload(key, await striped(50 + i));
    for (const key of odd) await recorded(key);
    const [without, elsewhere, unknown] = odd;
    await rewrite(without, ({ hash, sharpness }) => ({ hash, sharpness }));
    await rewrite(elsewhere, (fingerprint) => ({ ...fingerprint, space: 'everyday-128-000000000000' }));
    await rewrite(unknown, (fingerprint) => fingerprint, 'everyday/0.1-32');
    const list = listFile('some.txt', [...EXAMPLES, without, elsewhere]);
    const { code, stdout, stderr } = tagmill('teach', 'humbug', '--keys', list, '--dry-run');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('humbug: 12 examples') });
    for (const key of [without, elsewhere]) {
      expect(stderr).toContain(`Skipped s3://${ready.uploadBucket}/${key}: it has no embedding of the weights`);
    }
    expect(stderr).toContain('Images skipped as examples: 2\n');
    for (const why of [
      'since they have no embedding: 1',
      'since they have an embedding of other weights or of another family: 1',
      'since they were tagged by a variant that the tag has no threshold for: 1',
    ])
      expect(stderr).toContain(`Images that can't get "humbug", ${why}\n`);
    expect(tagmill('teach', 'humbug', '--keys', list)).toMatchObject({ code: 0 });
    // A variant that the function doesn't have has no labels to name from: that image was tagged anew.
    expect(find('humbug').filter((key) => key.startsWith('odd/'))).toEqual([unknown]);
    expect(find('humbug')).toEqual(expect.arrayContaining(STRIPED));
  });
});

describe('teaching that breaks off', () => {
  const named = async () => (await Promise.all(STRIPED.map(tagsOf))).filter((tags) => tags.includes('hornet')).length;

  test('half way goes on when it is run again; so does forgetting', async () => {
    const kill = async (enough: (count: number) => boolean, ...args: string[]) => {
      const child = startTagmill(...args, '--rate', '10');
      await eventually(named, enough);
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    await kill((count) => count > 0, 'teach', 'hornet', '--keys', keys);
    expect(await named()).toBeLessThan(STRIPED.length);
    const { code, stdout } = tagmill('teach', 'hornet', '--keys', keys);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('"hornet" is taught') });
    expect(await named()).toBe(STRIPED.length);
    expect(JSON.parse(tagmill('taught', 'versions', 'hornet', '--json').stdout).versions).toHaveLength(1);

    await kill((count) => count < STRIPED.length, 'taught', 'rm', 'hornet', '--local');
    expect(await named()).toBeGreaterThan(0);
    expect(tagmill('taught', 'rm', 'hornet', '--local')).toMatchObject({ code: 0 });
    expect(await named()).toBe(0);
  });
});

describe('two who teach at once', () => {
  test('both have their tags in force, on all images', async () => {
    const teach = async (name: string) => {
      const child = startTagmill('teach', name, '--keys', keys);
      const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
      return { name, code, stderr };
    };
    const ends = await Promise.all(['yellow jacket', 'zebra crossing at noon'].map(teach));
    // The first may be told that another came after it, which names all images by both.
    for (const { code, stderr } of ends) if (code !== 0) expect(stderr).toContain('were put in force meanwhile');
    expect(ends.filter(({ code }) => code === 0)).not.toEqual([]);
    for (const { name } of ends) {
      expect(JSON.parse(tagmill('taught', 'show', name, '--local', '--json').stdout)).toMatchObject({ name });
      await eventually(
        () => find(name),
        (found) => STRIPED.every((key) => found.includes(key)),
      );
    }
  });
});
