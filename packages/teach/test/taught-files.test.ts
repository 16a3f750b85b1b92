import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findTaught, parseTagName, readTaught, removeTaught, type TaughtTag, writeTaught } from '../src/index.ts';

let models: string;
beforeEach(() => {
  models = fs.mkdtempSync(path.join(os.tmpdir(), 'taught-'));
});
afterEach(() => fs.rmSync(models, { recursive: true }));

function tagNamed(name: string, prevalence = 0.01): TaughtTag {
  return {
    schemaVersion: 1,
    name,
    family: 'made',
    variant: 'made/0.5-96',
    space: 'made-2-0',
    method: 'logistic-regression',
    head: { weights: [1, 2], bias: 0.5 },
    prevalence,
    expected: { 'made/0.5-96': { slope: 1, offset: 0, shown: 0.5, sure: null, precision: 0.9, recall: 0.5 } },
    examples: [{ sha256: 'a'.repeat(64), embedding: 'fwA=' }],
    notCount: 0,
    skippedCount: 0,
    taughtAt: '2026-11-29T12:00:00.000Z',
  };
}

describe('files of taught tags', () => {
  test.each(['my dog', '日本 🐱', 'a/b\\c:*?"<>|', '..', 'x'.repeat(100), "L'été"])(
    'keep the name %s',
    async (name) => {
      await writeTaught(models, tagNamed(name));
      expect((await readTaught(models)).map((tag) => tag.name)).toEqual([name]);
      expect(fs.readdirSync(models)).toEqual(['taught']);
      expect((await findTaught(models, name)).name).toBe(name);
    },
  );

  test('keep names apart that differ in odd characters only', async () => {
    for (const name of ['a b', 'a-b', 'a/b']) await writeTaught(models, tagNamed(name));
    expect(await readTaught(models)).toHaveLength(3);
  });

  test('have one tag of a name, in whichever case', async () => {
    await writeTaught(models, tagNamed('Rex', 0.01));
    await writeTaught(models, tagNamed('rex', 0.05));
    expect((await readTaught(models)).map(({ name, prevalence }) => [name, prevalence])).toEqual([['rex', 0.05]]);
  });

  test('leave the old tag whole if a process is killed before it renames the new one', async () => {
    await writeTaught(models, tagNamed('rex'));
    const [file] = fs.readdirSync(path.join(models, 'taught'));
    // What such a process leaves: a part of the new file, beside its place.
    fs.writeFileSync(path.join(models, 'taught', `${file}.0b5c`), '{"schemaVersion":1,"na');
    expect((await readTaught(models)).map(({ name }) => name)).toEqual(['rex']);
    await removeTaught(models, 'rex');
    expect(await readTaught(models)).toEqual([]);
  });

  test('say which tags there are where one is asked for that isn’t', async () => {
    await expect(removeTaught(models, 'rex')).rejects.toThrow(`No tag "rex" is taught in ${models}; none is`);
    await writeTaught(models, tagNamed('rex'));
    await expect(removeTaught(models, 'cat')).rejects.toThrow('there are: rex');
    await expect(findTaught(models, 'cat')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('are named where they are malformed', async () => {
    await writeTaught(models, tagNamed('rex'));
    fs.writeFileSync(path.join(models, 'taught/broken.json'), '{}');
    await expect(readTaught(models)).rejects.toThrow('broken.json');
  });

  test.each(['', '   ', 'a\nb', '\u0000', 'x'.repeat(101)])('refuse %j as a name', (name) => {
    expect(() => parseTagName(name)).toThrow('is no name for a tag');
  });
});
