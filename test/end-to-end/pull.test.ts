import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { tgz } from '../helpers/archives.ts';
import { parseJsonl, ROOT, startTagmill, startTagmillIn, tagmill } from '../helpers/command.ts';
import { type Answer, type FileServer, fileServer } from '../helpers/file-server.ts';

jest.setTimeout(60_000);

const data = path.join(ROOT, '../shared/data');
const describeWithData = fs.existsSync(data) ? describe : describe.skip;
const official = (name: string) => fs.readFileSync(path.join(data, 'official', name));

const ARCHIVE = '/models/mobilenet_v1_2018_08_02/mobilenet_v1_0.25_128_quant.tgz';
const LABELS = '/data/ImageNetLabels.txt';

let models: string;
let server: FileServer;
let answers: Record<string, Answer>;
beforeEach(async () => {
  models = fs.mkdtempSync(path.join(os.tmpdir(), 'pull-'));
  answers = {};
  server = await fileServer((at) => answers[at]);
});
afterEach(async () => {
  await server.close();
  fs.rmSync(models, { recursive: true });
});

const V2_ARCHIVE = '/models/tflite_11_05_08/mobilenet_v2_1.0_224_quant.tgz';

const args = (from = server.url.href) => [
  ...['models', 'pull', '--quantized', '--alpha', '0.25', '--resolution', '128'],
  ...['--from', from, '--models', models],
];

async function pull(child = startTagmill(...args())) {
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}

const archive = (...more: string[]) =>
  tgz(
    ['a.tflite', official('mobilenet_v1_0.25_128_quant.tflite')],
    ...more.map((each) => [each, each] as [string, string]),
  );

describeWithData('tagmill models pull (needs ../shared)', () => {
  beforeEach(async () => {
    answers = { [ARCHIVE]: { body: await archive() }, [LABELS]: { body: official('imagenet_labels.txt') } };
  });

  test('makes a variant of a MobileNetV2, with plain names', async () => {
    const body = await tgz(['a.tflite', official('mobilenet_v2_1.0_224_quant.tflite')]);
    answers = { [V2_ARCHIVE]: { body }, [LABELS]: { body: official('imagenet_labels.txt') } };
    const network = ['--network', 'mobilenet-v2', '--quantized', '--alpha', '1', '--resolution', '224'];
    const run = startTagmill('models', 'pull', ...network, '--from', server.url.href, '--models', models);
    expect(await pull(run)).toMatchObject({ code: 0, stdout: 'imagenet/v2-1.0-224-int8\n' });
    const labels = JSON.parse(fs.readFileSync(path.join(models, 'labels/imagenet.json'), 'utf8'));
    expect(labels[232]).toMatchObject({ name: 'collie', parents: ['dog', 'pet', 'mammal', 'animal'] });
  });

  test('says which networks there are where the publisher has none such', async () => {
    const run = startTagmill('models', 'pull', '--network', 'mobilenet-v2', '--alpha', '1.4', '--resolution', '96');
    expect(await pull(run)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/has no such mobilenet-v2; there are: .*1\.4-224/),
    });
  });

  test('makes a variant that tags, and the next time has nothing to do', async () => {
    expect(await pull()).toMatchObject({ code: 0, stdout: 'imagenet/0.25-128-int8\n' });
    const parrot = path.join(data, 'photos/parrot.jpg');
    const options = ['--variant', 'imagenet/0.25-128-int8', '--models', models, '--format', 'jsonl'];
    expect(parseJsonl<ImageRecord>(tagmill('tag', parrot, ...options).stdout)[0]!.tags[0]!.name).toBe('parrot');
    expect(server.requests).toHaveLength(2);
    expect(await pull()).toMatchObject({ code: 0, stdout: 'imagenet/0.25-128-int8\n' });
    expect(server.requests).toHaveLength(2);
    expect(fs.readdirSync(models).sort()).toEqual(['catalogue.json', 'labels', 'onnx', 'pull-lock.json', 'thresholds']);
  });

  test('mends a model that was damaged, unless the publisher’s file is another by now', async () => {
    await pull();
    const file = path.join(models, 'onnx/imagenet-0.25-128-int8.onnx');
    const whole = fs.readFileSync(file);
    fs.writeFileSync(file, 'damaged');
    answers[ARCHIVE] = { body: await archive('and more') };
    const { code, stdout, stderr } = await pull();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/is not the file that was pulled first/);
    expect(fs.readFileSync(file, 'utf8')).toBe('damaged');
    answers[ARCHIVE] = { body: await archive() };
    expect((await pull()).code).toBe(0);
    expect(fs.readFileSync(file).equals(whole)).toBe(true);
  });

  test('registers nothing when it is interrupted, and then goes on from there', async () => {
    const { body } = answers[ARCHIVE]!;
    answers[ARCHIVE] = { body, stallAfter: 200_000 };
    const child = startTagmill(...args());
    const ended = pull(child);
    const part = path.join(models, 'downloads', `${path.basename(ARCHIVE)}.part`);
    const written = () => (fs.existsSync(part) ? fs.statSync(part).size : 0);
    // What is watched for is a file's growth in another process.
    while (written() < 200_000 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(/Interrupted: 0 of 1 are there; the same command goes on\n$/);
    expect(fs.existsSync(path.join(models, 'catalogue.json'))).toBe(false);
    answers[ARCHIVE] = { body };
    expect((await pull()).code).toBe(0);
    expect(server.requests.at(-1)!.range).toBe('bytes=200000-');
  });

  test('goes through a proxy', async () => {
    const child = startTagmillIn({ HTTP_PROXY: server.url.href, NO_PROXY: '' }, ...args('http://publisher.invalid/'));
    expect(await pull(child)).toMatchObject({ code: 0, stdout: 'imagenet/0.25-128-int8\n' });
  });
});

describe('tagmill models pull', () => {
  test('says in one line that the publisher can’t be reached', async () => {
    const { url } = server;
    await server.close();
    const { code, stdout, stderr } = await pull(startTagmill(...args(url.href)));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^tagmill: Cannot reach 127\.0\.0\.1:\d+: connect ECONNREFUSED.*models import FILE\.tflite\n$/,
    );
    expect(fs.existsSync(path.join(models, 'catalogue.json'))).toBe(false);
    server = await fileServer(() => undefined);
  });

  test.each([
    ['--alpha', '0.3', /one of 0\.25, 0\.35, 0\.5, 0\.75, 1, 1\.3, 1\.4/],
    ['--resolution', '100', /one of 96, 128, 160, 192, 224/],
    ['--from', 'ftp://example.org', /must be a URL such as https:/],
  ])('refuses %s %s and says what is allowed', (option, value, message) => {
    const { code, stderr } = tagmill('models', 'pull', option, value);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
