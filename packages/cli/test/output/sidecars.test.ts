import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { tagmill } from '../../../../test/helpers/command.ts';
import { makePhotos } from '../../../../test/helpers/photos.ts';
import { writeSidecar } from '../../src/output/sidecars.ts';

jest.setTimeout(60_000);

const hasExiftool = spawnSync('exiftool', ['-ver']).status === 0;
/** Root may write anywhere. */
const asUser = process.getuid?.() === 0 ? test.skip : test;

let photos: Buffer[];
let folder: string;
beforeAll(async () => {
  photos = await makePhotos(2, 11);
});
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sidecars-'));
});
afterEach(() => {
  fs.chmodSync(folder, 0o755);
  fs.rmSync(folder, { recursive: true });
});

const at = (name: string) => path.join(folder, name);
const put = (name: string, content: string | Uint8Array) => fs.writeFileSync(at(name), content);
const read = (name: string) => fs.readFileSync(at(name), 'utf8');
const names = () => fs.readdirSync(folder).sort();
const tag = (...args: string[]) =>
  tagmill('tag', folder, '--sidecars', '--min-confidence', '0', '--format', 'jsonl', ...args);

const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
 <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmp:Rating="5">
  <dc:subject><rdf:Bag><rdf:li>Minka</rdf:li></rdf:Bag></dc:subject>
 </rdf:Description></rdf:RDF></x:xmpmeta>`;

describe('tagmill tag --sidecars', () => {
  test('writes one beside each image, and says how many', () => {
    put('a.jpg', photos[0]!);
    put('b.png.jpg', photos[1]!);
    expect(tag()).toMatchObject({ code: 0, stderr: expect.stringContaining('2 sidecars written') });
    expect(names()).toEqual(['a.jpg', 'a.jpg.xmp', 'b.png.jpg', 'b.png.jpg.xmp']);
    const before = read('a.jpg.xmp');
    expect(tag().stderr).not.toContain('written');
    expect(read('a.jpg.xmp')).toBe(before);
  });

  test('adds to Adobe’s a.xmp, where it is about this image alone', () => {
    put('a.jpg', photos[0]!);
    put('a.xmp', XMP);
    tag();
    expect(names()).toEqual(['a.jpg', 'a.xmp']);
    expect(read('a.xmp')).toContain('Rating="5"');
    expect(read('a.xmp')).toContain('<rdf:li>Minka</rdf:li>');
    expect(read('a.xmp').match(/<rdf:li>/g)!.length).toBeGreaterThan(5);
  });

  test.each([
    ['a.png', 'a.png'],
    ['a raw file', 'a.CR2'],
  ])('leaves Adobe’s a.xmp alone, where it may be about %s', (_, other) => {
    put('a.jpg', photos[0]!);
    put(other, photos[1]!);
    put('a.xmp', XMP);
    tag();
    expect(read('a.xmp')).toBe(XMP);
    expect(names()).toContain('a.jpg.xmp');
    expect(names()).not.toContain('a.jpg.xmp.part');
  });

  test('brings its own up to date when the image is another, and takes its tags back when it is none any more', () => {
    put('a.jpg', photos[0]!);
    tag();
    const first = read('a.jpg.xmp');
    put('a.jpg', photos[1]!);
    tag();
    expect(read('a.jpg.xmp')).not.toBe(first);
    put('a.jpg', 'no image any more');
    expect(tag().code).toBe(1);
    expect(names()).toEqual(['a.jpg']);
  });

  test('writes one for a name as long as names can be with it, and says so of a longer one', () => {
    const [fits, tooLong] = [`${'x'.repeat(247)}.jpg`, `${'y'.repeat(251)}.jpg`];
    put(fits, photos[0]!);
    put(tooLong, photos[1]!);
    const { code, stderr } = tag();
    expect(code).toBe(1);
    expect(stderr).toMatch(/No sidecar: .*y{200}.*ENAMETOOLONG/);
    expect(stderr).toContain('1 sidecars written, 1 sidecars could not be written');
    expect(names()).toEqual([fits, `${fits}.xmp`, tooLong].sort());
  });

  asUser('ends with 1 in a folder that may not be written to (not as root)', () => {
    put('a.jpg', photos[0]!);
    fs.chmodSync(folder, 0o555);
    expect(tag()).toMatchObject({ code: 1, stderr: expect.stringContaining('1 sidecars could not be written') });
    expect(names()).toEqual(['a.jpg']);
  });

  test('ends with 1 where a sidecar cannot be written, and leaves no draft', () => {
    put('a.jpg', photos[0]!);
    fs.mkdirSync(at('a.jpg.xmp'));
    expect(tag()).toMatchObject({ code: 1, stderr: expect.stringMatching(/No sidecar: .*EISDIR/) });
    expect(names()).toEqual(['a.jpg', 'a.jpg.xmp']);
  });

  (hasExiftool ? test : test.skip)(
    'keeps what exiftool added, and exiftool finds nothing wrong with it (needs exiftool)',
    () => {
      const exiftool = (...args: string[]) =>
        spawnSync('exiftool', ['-q', ...args, at('a.jpg.xmp')], { encoding: 'utf8' });
      put('a.jpg', photos[0]!);
      tag();
      exiftool('-overwrite_original', '-Rating=4', '-Subject+=Minka');
      put('a.jpg', photos[1]!);
      tag();
      const { stdout } = exiftool('-json', '-validate', '-Rating', '-Subject', '-CreatorTool');
      const [{ Subject, ...rest }] = JSON.parse(stdout);
      expect(rest).toMatchObject({ Rating: 4, Validate: 'OK', CreatorTool: 'tagmill' });
      expect(Subject).toContain('Minka');
      expect(Subject.length).toBeGreaterThan(1);
    },
  );
});

describe('sidecars of a stack, named as Adobe does,', () => {
  const record = (key: string, name: string) => ({
    schemaVersion: 1 as const,
    image: { bucket: 'photos', key },
    outcome: 'tagged' as const,
    tags: [{ name, confidence: 0.9, parents: [] }],
    broader: [],
    taggedAt: '2026-03-01T00:00:00.000Z',
  });
  const options = () => ({ originals: folder, sidecarNames: 'replaced' as const, overwrite: false });

  test('are never shared by a.jpg and a.png', async () => {
    put('a.jpg', photos[0]!);
    put('a.png', photos[1]!);
    const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(await writeSidecar(record('a.jpg', 'cat'), options())).toBe('written');
    expect(await writeSidecar(record('a.png', 'dog'), options())).toBe('written');
    expect(said.mock.calls.join()).toMatch(/a\.xmp would be another picture's, too: a\.png\.xmp is written/);
    said.mockRestore();
    expect(read('a.jpg.xmp')).toContain('<rdf:li>cat</rdf:li>');
    expect(read('a.png.xmp')).toContain('<rdf:li>dog</rdf:li>');
  });

  test('add to what another program wrote', async () => {
    put('b.jpg', photos[0]!);
    put('b.xmp', XMP);
    await writeSidecar(record('b.jpg', 'cat'), options());
    expect(read('b.xmp')).toMatch(/Minka.*cat/s);
    expect(read('b.xmp')).toContain('Rating="5"');
  });
});
