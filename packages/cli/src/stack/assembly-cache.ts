import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { fingerprint } from './fingerprint.ts';

/** Some 95 MB each. */
const KEPT = 3;
/** A start that took longer was killed. */
const LONGEST_START_MS = 60 * 60 * 1000;

export interface AssemblyCacheOptions {
  /** Holds one folder an assembly. */
  cache: string;
  /** Says all that the assembly is made of. Asked twice: what changes meanwhile must not be kept. */
  key: () => string;
  /** Writes the assembly into a folder that isn't there yet. */
  make: (directory: string) => Promise<void>;
  /** Told why an assembly couldn't be kept. */
  onUnkept?: (error: Error) => void;
}

/**
 * Puts an assembly into a folder: a copy of what an earlier start made of the same, or a new one, which is kept for the next start. The
 * copy is the caller's own. The latest three assemblies are kept.
 */
export async function assemble(directory: string, options: AssemblyCacheOptions): Promise<void> {
  const { cache, key, make, onUnkept = () => undefined } = options;
  const before = key();
  if (await copyKept(path.join(cache, before), directory)) return;
  await make(directory);
  if (key() !== before) return;
  await keep(directory, path.join(cache, before)).catch(onUnkept);
}

/** @returns whether it was there and whole: a disk that was full or lost power may have kept a part. */
async function copyKept(entry: string, directory: string): Promise<boolean> {
  try {
    const now = new Date();
    await fs.utimes(entry, now, now);
    await copy(path.join(entry, 'assembly'), directory);
    if ((await fs.readFile(path.join(entry, 'fingerprint'), 'utf8')) === fingerprint(directory, { contents: ['.'] }))
      return true;
  } catch {
    // Not there, or removed meanwhile: made again.
  }
  await fs.rm(directory, { recursive: true, force: true });
  return false;
}

async function keep(directory: string, entry: string): Promise<void> {
  const cache = path.dirname(entry);
  const unfinished = path.join(cache, `unfinished-${randomUUID()}`);
  await fs.mkdir(unfinished, { recursive: true });
  try {
    await copy(directory, path.join(unfinished, 'assembly'));
    await fs.writeFile(path.join(unfinished, 'fingerprint'), fingerprint(directory, { contents: ['.'] }));
    await remove(entry);
    await fs.rename(unfinished, entry);
  } finally {
    await fs.rm(unfinished, { recursive: true, force: true });
  }
  await removeOld(cache);
}

function copy(from: string, to: string): Promise<void> {
  return fs.cp(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE, errorOnExist: true, force: false });
}

async function removeOld(cache: string): Promise<void> {
  const names = await fs.readdir(cache);
  const entries = await Promise.all(
    names.map(async (name) => ({ name, usedAt: (await fs.stat(path.join(cache, name))).mtimeMs })),
  );
  const isUnfinished = ({ name }: { name: string }) => name.startsWith('unfinished-');
  const old = entries
    .filter((each) => !isUnfinished(each))
    .sort((a, b) => b.usedAt - a.usedAt)
    .slice(KEPT);
  const killed = entries.filter((each) => isUnfinished(each) && Date.now() - each.usedAt > LONGEST_START_MS);
  for (const { name } of [...old, ...killed]) await remove(path.join(cache, name));
}

/** Renamed first: whoever copies it meanwhile fails, and doesn't take a part for the whole. */
async function remove(entry: string): Promise<void> {
  const removed = path.join(path.dirname(entry), `unfinished-${randomUUID()}`);
  try {
    await fs.rename(entry, removed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await fs.rm(removed, { recursive: true, force: true });
}
