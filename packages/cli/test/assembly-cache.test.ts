import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { cachedAssembly, hashSources } from '../src/assembly-cache.ts';

let scratch: string;
beforeEach(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'assemblies-'));
});

describe('an assembly', () => {
  const make = async (directory: string) => fs.writeFileSync(path.join(directory, 'manifest.json'), '{}');

  test('is made once for the same key, and again for another', async () => {
    let times = 0;
    const get = (key: string) =>
      cachedAssembly({
        directory: path.join(scratch, 'new'),
        key,
        make: async (directory) => {
          times++;
          await make(directory);
        },
      });
    const first = await get('a');
    expect(fs.readdirSync(first)).toEqual(['manifest.json']);
    expect(await get('a')).toBe(first);
    expect(times).toBe(1);
    expect(await get('b')).not.toBe(first);
    expect(times).toBe(2);
  });

  test('that could not be made is not kept', async () => {
    const fail = async (directory: string) => {
      await make(directory);
      throw new Error('no');
    };
    await expect(cachedAssembly({ directory: scratch, key: 'a', make: fail })).rejects.toThrow('no');
    expect(fs.readdirSync(scratch)).toEqual([]);
  });

  test('that two starts make at once is whole', async () => {
    const all = await Promise.all([1, 2, 3].map(() => cachedAssembly({ directory: scratch, key: 'a', make })));
    expect(new Set(all)).toEqual(new Set([path.join(scratch, 'a')]));
    expect(fs.readdirSync(scratch)).toEqual(['a']);
  });

  test('is removed when no start asked for it in a week', async () => {
    const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000);
    for (const key of ['old', 'used', 'recent']) await cachedAssembly({ directory: scratch, key, make });
    for (const [key, days] of [
      ['old', 8],
      ['used', 8],
      ['recent', 6],
    ] as const) {
      fs.utimesSync(path.join(scratch, key), daysAgo(days), daysAgo(days));
    }
    await cachedAssembly({ directory: scratch, key: 'used', make });
    await cachedAssembly({ directory: scratch, key: 'new', make });
    expect(fs.readdirSync(scratch).sort()).toEqual(['new', 'recent', 'used']);
  });
});

describe('the hash of sources', () => {
  test('changes with a file, a new file, a file that goes, and whatever else is given', async () => {
    const folder = path.join(scratch, 'src');
    fs.mkdirSync(path.join(folder, 'in'), { recursive: true });
    fs.mkdirSync(path.join(folder, 'test'));
    fs.writeFileSync(path.join(folder, 'in/a.ts'), 'a');
    const hash = (others = {}) => hashSources([folder, path.join(scratch, 'nothing')], others);
    const hashes = [await hash()];
    expect(await hash()).toBe(hashes[0]);
    fs.writeFileSync(path.join(folder, 'test/a.test.ts'), 'no part of a stack');
    expect(await hash()).toBe(hashes[0]);
    fs.utimesSync(path.join(folder, 'in/a.ts'), 1, 1);
    hashes.push(await hash());
    fs.writeFileSync(path.join(folder, 'in/b.ts'), '');
    hashes.push(await hash());
    fs.renameSync(path.join(folder, 'in/b.ts'), path.join(scratch, 'nothing'));
    hashes.push(await hash());
    hashes.push(await hash({ batchSize: 5 }));
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
