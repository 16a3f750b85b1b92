import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { assemble } from '../../src/stack/assembly-cache.ts';

let scratch: string;
let cache: string;
let made: string[];
beforeEach(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'assemblies-'));
  cache = path.join(scratch, 'cache');
  made = [];
});

/** Makes an assembly whose content is its key. */
const make = (key: string) => async (directory: string) => {
  made.push(key);
  fs.mkdirSync(path.join(directory, 'asset/node_modules'), { recursive: true });
  fs.writeFileSync(path.join(directory, 'asset/node_modules/index.mjs'), key);
};
const contentOf = (directory: string) => fs.readFileSync(path.join(directory, 'asset/node_modules/index.mjs'), 'utf8');
let starts = 0;
async function get(key: string, more: Partial<Parameters<typeof assemble>[1]> = {}): Promise<string> {
  const directory = path.join(scratch, `start-${starts++}`);
  await assemble(directory, { cache, key: () => key, make: make(key), ...more });
  return contentOf(directory);
}
const used = (key: string, minutesAgo: number) => {
  const then = new Date(Date.now() - minutesAgo * 60_000);
  fs.utimesSync(path.join(cache, key), then, then);
};

describe('an assembly', () => {
  test('is made once for the same key, and again for another', async () => {
    expect([await get('a'), await get('a'), await get('b'), await get('a')]).toEqual(['a', 'a', 'b', 'a']);
    expect(made).toEqual(['a', 'b']);
  });

  test('is the start’s own: what is written into it doesn’t come back', async () => {
    const directory = path.join(scratch, 'mine');
    await get('a');
    await assemble(directory, { cache, key: () => 'a', make: make('a') });
    fs.writeFileSync(path.join(directory, 'asset/node_modules/index.mjs'), 'changed');
    expect(await get('a')).toBe('a');
    expect(made).toEqual(['a']);
  });

  test('is not kept if a source changed while it was made', async () => {
    let key = 'a';
    const changing = {
      key: () => key,
      make: async (directory: string) => {
        await make('a')(directory);
        key = 'b';
      },
    };
    await get('a', changing);
    key = 'a';
    await get('a');
    expect(made).toEqual(['a', 'a']);
  });

  test('that could not be made is not kept', async () => {
    const fail = async (directory: string) => {
      await make('half')(directory);
      throw new Error('no');
    };
    await expect(get('a', { make: fail })).rejects.toThrow('no');
    expect(await get('a')).toBe('a');
  });

  test('is made again if what was kept is damaged, and then kept', async () => {
    await get('a');
    const kept = path.join(cache, 'a/assembly/asset/node_modules/index.mjs');
    fs.writeFileSync(kept, '');
    expect([await get('a'), await get('a')]).toEqual(['a', 'a']);
    fs.rmSync(kept);
    expect(await get('a')).toBe('a');
    expect(made).toEqual(['a', 'a', 'a']);
  });

  test('that several starts make at once is whole', async () => {
    expect(await Promise.all(['a', 'a', 'a'].map((key) => get(key)))).toEqual(['a', 'a', 'a']);
    expect(fs.readdirSync(cache)).toEqual(['a']);
    expect(await get('a')).toBe('a');
    expect(made).toHaveLength(3);
  });

  test('is removed when three others were used later, and what a killed start left after an hour', async () => {
    for (const key of ['a', 'b', 'c']) await get(key);
    for (const [i, key] of ['a', 'b', 'c'].entries()) used(key, 30 - i);
    await get('a');
    fs.mkdirSync(path.join(cache, 'unfinished-1'));
    fs.mkdirSync(path.join(cache, 'unfinished-2'));
    used('unfinished-1', 61);
    await get('d');
    expect(fs.readdirSync(cache).sort()).toEqual(['a', 'c', 'd', 'unfinished-2']);
  });

  test('is had where nothing can be kept, which is said', async () => {
    fs.writeFileSync(cache, 'a file in the way');
    const said: string[] = [];
    expect(await get('a', { onUnkept: ({ message }) => said.push(message) })).toBe('a');
    expect(said).toEqual([expect.stringMatching(/ENOTDIR|EEXIST/)]);
  });
});
