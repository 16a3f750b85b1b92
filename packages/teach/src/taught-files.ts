import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { TagmillError, tagKey } from '@tagmill/core';
import { readJson, replaceFile } from '@tagmill/variants';
import { type TaughtTag, taughtTagSchema } from './schema.ts';

/** Of a models folder: holds a file a taught tag. */
const FOLDER = 'taught';
const EXTENSION = '.json';
const LONGEST_NAME = 100;
const MOST_OF_SLUG = 40;

/**
 * Checks a name and takes the space around it away.
 *
 * @throws {TagmillError} `invalid-argument` if it is empty, too long, or has control characters.
 */
export function parseTagName(text: string): string {
  const name = text.trim().normalize('NFC');
  if (name === '' || name.length > LONGEST_NAME || /\p{Cc}/u.test(name)) {
    throw new TagmillError(
      'invalid-argument',
      `${JSON.stringify(text)} is no name for a tag: give 1 to ${LONGEST_NAME} characters, and no control characters`,
    );
  }
  return name;
}

/** Whether a models folder holds taught tags, or ever did. */
export async function hasTaughtFolder(models: string): Promise<boolean> {
  return fs.stat(path.join(models, FOLDER)).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/**
 * Keeps a taught tag in a models folder, in place of one of the same name. The file is written beside its place and renamed into it:
 * whenever that is interrupted, the old tag or the new one is whole.
 */
export async function writeTaught(models: string, tag: TaughtTag): Promise<void> {
  await replaceFile(nameFile(models, tag.name), `${JSON.stringify(tag)}\n`);
}

/**
 * The tags taught in a models folder, by name.
 *
 * @throws {TagmillError} `invalid-catalogue` naming a file that isn't one.
 */
export async function readTaught(models: string): Promise<TaughtTag[]> {
  const names = await fs.readdir(path.join(models, FOLDER)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new TagmillError('invalid-catalogue', `Cannot read ${path.join(models, FOLDER)}`, { cause: error });
  });
  // What an interrupted write left ends otherwise.
  const files = names.filter((name) => name.endsWith(EXTENSION));
  const tags = await Promise.all(files.map((name) => readJson(path.join(models, FOLDER, name), taughtTagSchema)));
  return tags.sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/**
 * The tag taught by that name, in any case.
 *
 * @throws {TagmillError} `not-found`, listing those that there are.
 */
export async function findTaught(models: string, name: string): Promise<TaughtTag> {
  const tags = await readTaught(models);
  const found = tags.find((each) => tagKey(each.name) === tagKey(name.trim()));
  if (found) return found;
  const known = tags.length === 0 ? 'none is' : `there are: ${tags.map((each) => each.name).join(', ')}`;
  throw new TagmillError(
    'not-found',
    `No tag "${name}" is taught in ${models}; ${known}${tags.length === 0 ? ' taught there' : ''}`,
  );
}

/**
 * Forgets a taught tag.
 *
 * @returns the tag that was forgotten.
 * @throws {TagmillError} `not-found`, listing those that there are.
 */
export async function removeTaught(models: string, name: string): Promise<TaughtTag> {
  const found = await findTaught(models, name);
  await fs.rm(nameFile(models, found.name), { force: true });
  return found;
}

/** Named for people, and by a digest for names that differ in what a file's name can't hold. */
function nameFile(models: string, name: string): string {
  const key = tagKey(name);
  const slug = key.replace(/[^a-z0-9]+/g, '-').slice(0, MOST_OF_SLUG);
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 12);
  return path.join(models, FOLDER, `${slug}-${digest}${EXTENSION}`);
}
