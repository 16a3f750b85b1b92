import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { expandImagePaths } from '../src/image-paths.ts';
import { readPathsFromInput } from '../src/paths-from-input.ts';
import { decodePath, toPrintable, toSystemPath } from '../src/system-path.ts';

/** Elsewhere names are text, and there is no such permission. */
const onLinux = process.platform === 'linux' ? test : test.skip;

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'image-paths-'));
});
afterEach(() => {
  // What can't be read or is too long for Node is none for rm.
  spawnSync('chmod', ['-R', 'u+rwx', folder]);
  spawnSync('rm', ['-rf', folder]);
});

function put(...names: string[]): void {
  for (const name of names) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), '');
  }
}
const latin1 = (name: string) => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);
async function found(given = [folder], exclude: string[] = []) {
  const { files, ...more } = await expandImagePaths(given, { exclude });
  return { files: files.map((file) => path.relative(folder, file)), ...more };
}

describe('a folder', () => {
  test('is searched to its bottom; hidden ones, trash, thumbnails and what has a .nomedia are left out, and counted', async () => {
    put('b.jpg', 'a/c.HIF', 'a/d.mpo', 'a/e.insp', 'a/f.apng', 'notes.txt', '.hidden.jpg', 'b.jpg.xmp');
    put(
      '.cache/g.jpg',
      '@eaDir/b.jpg/SYNO.jpg',
      '#recycle/h.jpg',
      '$RECYCLE.BIN/i.jpg',
      'private/.nomedia',
      'private/deep/j.jpg',
    );
    expect(await found()).toEqual({
      files: ['a/c.HIF', 'a/d.mpo', 'a/e.insp', 'a/f.apng', 'b.jpg'],
      leftOut: { files: 2, folders: 5, excluded: 0 },
      unreadable: [],
    });
  });

  test('that is named is looked into, though it is hidden or has a .nomedia', async () => {
    put('.cache/.nomedia', '.cache/a.jpg');
    expect((await found([path.join(folder, '.cache')])).files).toEqual(['.cache/a.jpg']);
  });

  test('is read without what is excluded, by its name or by where it lies', async () => {
    put('a.jpg', 'a.png', 'raw/b.jpg', 'year/raw/c.jpg', 'year/d.jpg');
    expect(await found([folder], ['*.png', 'raw'])).toMatchObject({
      files: ['a.jpg', 'year/d.jpg'],
      leftOut: { excluded: 3 },
    });
    expect((await found([folder], ['year/**'])).files).toEqual(['a.jpg', 'a.png', 'raw/b.jpg']);
  });

  onLinux(
    'whose name, or whose files’ names, are in Latin-1 is searched, and each name is known to the byte',
    async () => {
      fs.mkdirSync(latin1('\xe9t\xe9'));
      fs.writeFileSync(latin1('\xe9t\xe9/caf\xe9.jpg'), '');
      fs.writeFileSync(latin1('na\xefve.jpg'), '');
      const { files } = await expandImagePaths([folder]);
      expect(files.map(toSystemPath)).toEqual([latin1('na\xefve.jpg'), latin1('\xe9t\xe9/caf\xe9.jpg')]);
      for (const file of files) expect(fs.existsSync(toSystemPath(file))).toBe(true);
      expect(JSON.parse(JSON.stringify(files))).toEqual(files);
      expect(toPrintable(path.basename(files[0]!))).toBe('na\\xefve.jpg');
    },
  );

  onLinux('in Latin-1 that is named, or a file or a glob, is found, though Node lost its bytes', async () => {
    fs.mkdirSync(latin1('\xe9t\xe9'));
    fs.writeFileSync(latin1('\xe9t\xe9/caf\xe9.jpg'), '');
    const asGiven = latin1('\xe9t\xe9').toString();
    for (const given of [asGiven, `${asGiven}/${Buffer.from('caf\xe9.jpg', 'latin1')}`, `${folder}/*`]) {
      const { files } = await expandImagePaths([given]);
      expect(files.map(toSystemPath)).toEqual([latin1('\xe9t\xe9/caf\xe9.jpg')]);
    }
  });

  onLinux('that is deeper than paths can be long is told, and the rest is found', async () => {
    put('a.jpg');
    const deep = 'd'.repeat(250);
    spawnSync('bash', ['-c', `for i in {1..20}; do mkdir ${deep} && cd ${deep}; done`], { cwd: folder });
    const { files, unreadable } = await found();
    expect(files).toEqual(['a.jpg']);
    expect(unreadable).toEqual([expect.stringMatching(/ENAMETOOLONG$/)]);
  });

  (process.getuid?.() === 0 ? test.skip : onLinux)(
    'that may not be read is told, and the rest is found (not as root)',
    async () => {
      put('a.jpg', 'locked/b.jpg');
      fs.chmodSync(path.join(folder, 'locked'), 0);
      expect(await found()).toMatchObject({
        files: ['a.jpg'],
        unreadable: [`${folder}/locked: permission denied`],
      });
    },
  );
});

describe('a path', () => {
  test('of any bytes comes back as it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const restored = toSystemPath(decodePath(Buffer.from(bytes)));
        expect(Buffer.from(restored as string)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test.each([
    ['lines', 'a.jpg\nb c.jpg\r\n\nd.jpg', ['a.jpg', 'b c.jpg', 'd.jpg']],
    ['what ends in NUL, as of find -print0', 'a.jpg\0b\nc.jpg\0', ['a.jpg', 'b\nc.jpg']],
    ['nothing', '', []],
  ])('is read from standard input where - stands: %s', async (_, text, paths) => {
    const input = Readable.from([Buffer.from(text)]);
    expect(await readPathsFromInput(['x.jpg', '-', 'y.jpg'], input)).toEqual(['x.jpg', ...paths, 'y.jpg']);
  });

  test('in Latin-1 is read from standard input to the byte', async () => {
    const [path] = await readPathsFromInput(['-'], Readable.from([Buffer.from('caf\xe9.jpg\n', 'latin1')]));
    expect(toSystemPath(path!)).toEqual(Buffer.from('caf\xe9.jpg', 'latin1'));
  });
});
