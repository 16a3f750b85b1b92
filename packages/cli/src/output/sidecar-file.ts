import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { type ImageRecord, TagmillError } from '@tagmill/core';
import { IMAGE_EXTENSIONS, RAW_EXTENSIONS, toSystemPath } from '@tagmill/image-files';
import { mergeSidecar, type SidecarSource, sidecarSource } from './xmp.ts';

/** What became of a sidecar: `foreign` is left alone, since it is no XMP that could be added to. */
export type SidecarChange = 'written' | 'unchanged' | 'removed' | 'foreign';

/**
 * Where an image's tags go: `cat.jpg.xmp`; or Adobe's `cat.xmp` if that is what is there, and no other picture is called `cat`, whose it
 * might be.
 */
export async function findSidecar(image: string): Promise<string> {
  const appended = `${image}.xmp`;
  const replaced = replacedName(image);
  if ((await exists(appended)) || !(await exists(replaced))) return appended;
  return (await hasNamesake(image)) ? appended : replaced;
}

/** The name that Adobe's programs give a sidecar. */
export function replacedName(image: string): string {
  const { dir, name } = path.parse(image);
  return path.join(dir, `${name}.xmp`);
}

/** Whether there is `cat.png` or `cat.cr2` beside `cat.jpg`. */
export async function hasNamesake(image: string): Promise<boolean> {
  const { dir, name, base } = path.parse(image);
  const capitalised = (extension: string) => extension[0]!.toUpperCase() + extension.slice(1);
  const names = [...IMAGE_EXTENSIONS, ...RAW_EXTENSIONS]
    .flatMap((extension) => [extension, extension.toUpperCase(), capitalised(extension)])
    .map((extension) => `${name}.${extension}`)
    .filter((each) => each.toLowerCase() !== base.toLowerCase());
  return (await Promise.all(names.map((each) => exists(path.join(dir, each))))).includes(true);
}

/** What tagmill's tags in a sidecar were made from; nothing if there are none. */
export async function readSidecarSource(sidecar: string): Promise<SidecarSource | undefined> {
  const text = await readText(sidecar);
  return text === undefined ? undefined : sidecarSource(text);
}

/**
 * Brings a sidecar up to date with a record: see {@link mergeSidecar}. A sidecar without any text left is removed.
 *
 * @param options.overwrite replaces what is there, whoever wrote it.
 * @throws {TagmillError} `unavailable` if it can't be written.
 */
export async function updateSidecar(
  sidecar: string,
  record: ImageRecord,
  { overwrite = false } = {},
): Promise<SidecarChange> {
  try {
    const present = overwrite ? undefined : await readText(sidecar);
    const merged = mergeSidecar(present, record);
    if (merged === present) return 'unchanged';
    if (merged !== undefined) await replace(sidecar, merged);
    else await fs.rm(toSystemPath(sidecar));
    return merged === undefined ? 'removed' : 'written';
  } catch (cause) {
    if (cause instanceof SyntaxError) return 'foreign';
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    throw new TagmillError('unavailable', `${sidecar} cannot be written: ${code}`, { cause });
  }
}

/** @throws {SyntaxError} if it is no UTF-8. */
async function readText(file: string): Promise<string | undefined> {
  const bytes = await fs.readFile(toSystemPath(file)).catch((error) => {
    if (error.code === 'ENOENT' || error.code === 'ENAMETOOLONG') return undefined;
    throw error;
  });
  if (!bytes) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SyntaxError('it is no UTF-8');
  }
}

/** Whole or not at all, and as readable as it was. A draft's name is short: the image's may be as long as names can be. */
async function replace(file: string, text: string): Promise<void> {
  const target = await fs.realpath(toSystemPath(file), 'buffer').catch(() => toSystemPath(file));
  const mode = await fs.stat(target).then(
    (stats) => stats.mode,
    () => undefined,
  );
  const draft = path.join(path.dirname(file), `.tagmill-${randomBytes(6).toString('hex')}.part`);
  try {
    await fs.writeFile(toSystemPath(draft), text, { flag: 'wx', ...(mode !== undefined && { mode }) });
    await fs.rename(toSystemPath(draft), target);
  } catch (error) {
    await fs.rm(toSystemPath(draft), { force: true });
    throw error;
  }
}

function exists(file: string): Promise<boolean> {
  return fs.access(toSystemPath(file)).then(
    () => true,
    () => false,
  );
}
