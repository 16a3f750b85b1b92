import fs from 'node:fs/promises';
import path from 'node:path';
import { TagmillError } from '@tagmill/core';
import { type Synonyms, tagKey } from '@tagmill/tag-store';
import { z } from 'zod';

const labels = z.array(z.object({ name: z.string(), synonyms: z.array(z.string()).default([]) }));

/**
 * The names that each synonym stands for, in all label sets of a folder.
 *
 * @throws {TagmillError} `invalid-catalogue` if a file is no label set.
 */
export async function readSynonyms(directory: string): Promise<Synonyms> {
  const synonyms = new Map<string, string[]>();
  for (const file of await fs.readdir(directory)) {
    const parsed = labels.safeParse(JSON.parse(await fs.readFile(path.join(directory, file), 'utf8')));
    if (!parsed.success)
      throw new TagmillError('invalid-catalogue', `${file} is no label set`, { cause: parsed.error });
    for (const { name, synonyms: others } of parsed.data) {
      for (const synonym of others) synonyms.set(tagKey(synonym), [...(synonyms.get(tagKey(synonym)) ?? []), name]);
    }
  }
  return synonyms;
}
