import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { parseJsonl, startTagmill } from '../../../test/helpers/command.ts';
import { makePhotos } from '../../../test/helpers/photos.ts';
import { eventually } from '../../../test/helpers/pipeline-stack.ts';
import { OneAtATime } from '../src/watch/one-at-a-time.ts';

jest.setTimeout(60_000);

let photos: Buffer[];
let folder: string;
let running: ReturnType<typeof startTagmill> | undefined;
beforeAll(async () => {
  photos = await makePhotos(4, 5);
});
beforeEach(() => {
  folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'watch-')), 'inbox');
  fs.mkdirSync(folder);
});
afterEach(() => {
  running?.kill('SIGKILL');
  fs.rmSync(path.dirname(folder), { recursive: true });
});

const put = (name: string, photo: Uint8Array) => fs.writeFileSync(path.join(folder, name), photo);

async function watch(...args: string[]) {
  const child = startTagmill('tag', '--watch', folder, '--min-confidence', '0', ...args);
  running = child;
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (said.stdout += text));
  child.stderr.on('data', (text) => (said.stderr += text));
  const saying = (text: string) =>
    eventually(
      () => said.stderr,
      (stderr) => stderr.includes(text),
      20_000,
    );
  await saying('Watching ');
  return {
    said,
    saying,
    records: (count: number) =>
      eventually(
        () => parseJsonl<ImageRecord>(said.stdout.slice(0, said.stdout.lastIndexOf('\n') + 1)),
        (records) => records.length >= count,
        20_000,
      ),
    stop: async () => {
      child.kill('SIGINT');
      const [code] = await once(child, 'close');
      return { code, summary: said.stderr.trim().split('\n').at(-1) };
    },
  };
}

const sha256In = (sidecar: string) => /[0-9a-f]{64}/.exec(sidecar)?.[0];
const nameOf = ({ image }: ImageRecord) => path.basename((image as { path: string }).path);

describe('tagmill tag --watch', () => {
  test('tags what is there and what arrives, each content once, and ends at Ctrl-C with its count', async () => {
    put('there.jpg', photos[0]!);
    put('notes.txt', photos[0]!);
    const { records, stop } = await watch();
    await records(1);
    fs.mkdirSync(path.join(folder, 'deep'));
    put('deep/new.jpg', photos[1]!);
    const [there] = await records(2);
    put('copy.jpg', photos[0]!);
    const all = await records(3);
    expect(all.map(nameOf)).toEqual(['there.jpg', 'new.jpg', 'copy.jpg']);
    // Not looked at again: it took the very same time.
    expect(all[2]).toMatchObject({ tags: there!.tags, timings: there!.timings });
    expect(await stop()).toEqual({ code: 0, summary: '3 images done, 1 of them had the content of another' });
  });

  test('waits until a file is whole, and takes one that is written anew for a new one', async () => {
    const { records, stop } = await watch();
    const file = path.join(folder, 'slow.jpg');
    const photo = photos[2]!;
    for (let part = 0; part < 4; part++) {
      fs.appendFileSync(file, photo.subarray((part * photo.length) / 4, ((part + 1) * photo.length) / 4));
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    const [whole] = await records(1);
    expect(whole).toMatchObject({ outcome: 'tagged', image: { bytes: photo.length } });
    fs.utimesSync(file, new Date(), new Date());
    put('slow.jpg', photos[3]!);
    const [, changed] = await records(2);
    expect(changed!.image.sha256).not.toBe(whole!.image.sha256);
    expect(await stop()).toEqual({ code: 0, summary: '2 images done' });
  });

  test('says of a broken image that it is, and ends with 1', async () => {
    const { records, stop } = await watch();
    put('broken.jpg', photos[0]!.subarray(0, 60));
    put('empty.jpg', Buffer.alloc(0));
    const both = await records(2);
    expect(both.map(({ outcome }) => outcome)).toEqual(['rejected', 'rejected']);
    expect(await stop()).toEqual({ code: 1, summary: '2 images done, 2 of them could not be tagged' });
  });

  const sidecarOf = (name: string) => path.join(folder, `${name}.xmp`);
  const sidecarThat = (name: string, is: (text: string) => boolean) =>
    eventually(() => (fs.existsSync(sidecarOf(name)) ? fs.readFileSync(sidecarOf(name), 'utf8') : ''), is, 20_000);

  test('keeps sidecars up to date: what others wrote stays, a deleted one comes again, of a broken image nothing stays', async () => {
    put('mine.jpg', photos[0]!);
    put('mine.jpg.xmp', Buffer.from('mine'));
    put('new.jpg', photos[1]!);
    const { records, said, stop } = await watch('--sidecars');
    await records(2);
    const first = await sidecarThat('new.jpg', (text) => text.includes('dc:subject'));
    fs.writeFileSync(
      sidecarOf('new.jpg'),
      first.replace('</rdf:Description>', '<xmp:Rating>4</xmp:Rating></rdf:Description>'),
    );
    put('new.jpg', photos[2]!);
    await records(3);
    const second = await sidecarThat('new.jpg', (text) => text !== '' && sha256In(text) !== sha256In(first));
    expect(second).toContain('<xmp:Rating>4</xmp:Rating>');
    expect(fs.readFileSync(sidecarOf('mine.jpg'), 'utf8')).toBe('mine');

    fs.rmSync(sidecarOf('new.jpg'));
    await sidecarThat('new.jpg', (text) => sha256In(text) === sha256In(second));
    put('new.jpg', Buffer.from('no image any more'));
    await records(4);
    await sidecarThat('new.jpg', (text) => text === '');
    expect(fs.readdirSync(folder).sort()).toEqual(['mine.jpg', 'mine.jpg.xmp', 'new.jpg']);
    expect(await stop()).toMatchObject({ code: 1 });
    expect(parseJsonl(said.stdout)).toHaveLength(4);
  });

  test('leaves an image alone whose sidecar is of this very content, and tags one that was replaced meanwhile', async () => {
    put('same.jpg', photos[0]!);
    put('other.jpg', photos[1]!);
    const first = await watch('--sidecars');
    await first.records(2);
    await first.stop();
    const before = fs.readFileSync(sidecarOf('other.jpg'), 'utf8');
    put('other.jpg', photos[2]!);
    const second = await watch('--sidecars');
    const [record] = await second.records(1);
    expect(nameOf(record!)).toBe('other.jpg');
    await sidecarThat('other.jpg', (text) => sha256In(text) !== sha256In(before));
    expect(await second.stop()).toEqual({
      code: 0,
      summary: '1 images done, 1 left alone with the sidecar that they have, 1 sidecars written',
    });
  });

  test('says nothing of a file that is copied slowly until it is whole', async () => {
    const { records, stop } = await watch();
    const photo = photos[2]!;
    put('slow.jpg', photo.subarray(0, photo.length / 2));
    // Longer than a file has to stay the same to be taken for whole.
    await new Promise((resolve) => setTimeout(resolve, 4000));
    fs.appendFileSync(path.join(folder, 'slow.jpg'), photo.subarray(photo.length / 2));
    const [whole] = await records(1);
    expect(whole).toMatchObject({ outcome: 'tagged', image: { bytes: photo.length } });
    expect(await stop()).toEqual({ code: 0, summary: '1 images done' });
  });

  test('outlives its folder, and tags only what is new when it is back', async () => {
    put('old.jpg', photos[0]!);
    const { records, saying, said, stop } = await watch();
    await records(1);
    const away = `${folder}-away`;
    fs.renameSync(folder, away);
    await saying('is gone');
    fs.renameSync(away, folder);
    await eventually(
      () => said.stderr.match(/Watching /g)!.length,
      (times) => times === 2,
      20_000,
    );
    put('new.jpg', photos[1]!);
    const all = await records(2);
    expect(all.map(nameOf)).toEqual(['old.jpg', 'new.jpg']);
    expect(await stop()).toMatchObject({ code: 0, summary: '2 images done' });
  });

  test('adds to its output', async () => {
    const output = path.join(path.dirname(folder), 'records.jsonl');
    fs.writeFileSync(output, '{"before":true}\n');
    put('a.jpg', photos[0]!);
    const { stop } = await watch('--output', output);
    await eventually(
      () => fs.readFileSync(output, 'utf8').trim().split('\n').length,
      (lines) => lines === 2,
    );
    await stop();
    expect(parseJsonl(fs.readFileSync(output, 'utf8'))[0]).toEqual({ before: true });
  });

  test.each([
    ['a file', () => [path.join(folder, 'none'), '--watch'], /--watch takes folders/],
    ['a table', () => [folder, '--watch', '--format', 'table'], /jsonl.*not table/],
    ['--resume', () => [folder, '--watch', '--resume', path.join(folder, 'a.jsonl')], /leave out --resume/],
  ])('refuses %s', async (_, args, message) => {
    const child = startTagmill('tag', ...args());
    let stderr = '';
    child.stderr.on('data', (text) => (stderr += text));
    const [code] = await once(child, 'close');
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

test('a name that comes again while it is worked on is worked on once more, not twice at once', async () => {
  const log: string[] = [];
  const work = new OneAtATime(4, async (name) => {
    log.push(`${name} begins`);
    if (log.length === 1) for (let i = 0; i < 5; i++) work.add('a');
    await new Promise(setImmediate);
    log.push(`${name} ends`);
  });
  work.add('a');
  await work.drained();
  expect(log).toEqual(['a begins', 'a ends', 'a begins', 'a ends']);
});
