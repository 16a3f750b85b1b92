import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { fingerprint } from '../../src/stack/fingerprint.ts';

let root: string;
const file = (name: string) => path.join(root, name);
const now = (others: unknown = {}) =>
  fingerprint(root, { contents: ['src', 'nothing'], packages: ['modules'], others });
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'fingerprint-'));
  for (const folder of ['src/in', 'modules/a']) fs.mkdirSync(file(folder), { recursive: true });
  fs.writeFileSync(file('src/in/a.ts'), 'one');
  fs.writeFileSync(file('modules/a/index.js'), 'one');
});

/** Gives a file the same size and times as before. */
function rewriteUnseen(name: string, content: string): void {
  const { atime, mtime } = fs.statSync(file(name));
  fs.writeFileSync(file(name), content);
  fs.utimesSync(file(name), atime, mtime);
}

describe('a fingerprint', () => {
  test.each<[string, () => void]>([
    ['a file’s content, at the same size and time', () => rewriteUnseen('src/in/a.ts', 'two')],
    ['a package’s file, at the same size and time', () => rewriteUnseen('modules/a/index.js', 'two')],
    ['a new file', () => fs.writeFileSync(file('src/in/b.ts'), '')],
    ['a file that goes', () => fs.rmSync(file('src/in/a.ts'))],
    ['a file’s name', () => fs.renameSync(file('src/in/a.ts'), file('src/in/b.ts'))],
    ['a file that wasn’t there', () => fs.writeFileSync(file('nothing'), '')],
    ['an empty folder', () => fs.mkdirSync(file('src/empty'))],
    ['what a link leads to', () => fs.symlinkSync(file('modules'), file('src/link'))],
  ])('changes with %s', (_, change) => {
    const before = now();
    change();
    expect(now()).not.toBe(before);
  });

  test('changes with whatever else is given', () => {
    expect(now({ batchSize: 5 })).not.toBe(now({ batchSize: 6 }));
  });

  test('stays with new times of a file that is read, with a link that goes in circles, and at another place', () => {
    fs.symlinkSync(file('src'), file('src/in/link'));
    const before = now();
    fs.utimesSync(file('src/in/a.ts'), 1, 1);
    expect(now()).toBe(before);
    const [here, there] = ['src', 'copy'].map(file) as [string, string];
    fs.cpSync(here, there, { recursive: true, dereference: false });
    fs.rmSync(path.join(there, 'in/link'));
    fs.rmSync(path.join(here, 'in/link'));
    const contents = ['.'];
    expect(fingerprint(there, { contents })).toBe(fingerprint(here, { contents }));
  });
});
