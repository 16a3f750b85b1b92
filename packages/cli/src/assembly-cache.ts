import { createHash, type Hash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';

/** What a stack isn't made of. */
const LEFT_OUT = new Set(['node_modules', 'test', 'build', 'cdk.out', '.git']);
/** A stack that runs on an assembly started within that time, or has to be started again. */
const MAX_AGE_MS = 7 * 24 * 60 * 60 * 1000;

export interface AssemblyCacheOptions {
  /** Holds one folder an assembly. */
  directory: string;
  /** Says all that the assembly is made of: see {@link hashSources}. */
  key: string;
  /** Writes the assembly into a folder that is there. */
  make: (directory: string) => Promise<void>;
}

/**
 * The folder of an assembly, which is made unless an earlier start made the same. Two starts may make it at once: one of
 * the two is kept. Those that no start asked for in a week are removed.
 */
export async function cachedAssembly({ directory, key, make }: AssemblyCacheOptions): Promise<string> {
  const target = path.join(directory, key);
  if (await isThere(target)) {
    const now = new Date();
    await fs.utimes(target, now, now);
    return target;
  }
  await fs.mkdir(directory, { recursive: true });
  await removeOld(directory);
  const unfinished = await fs.mkdtemp(path.join(directory, 'unfinished-'));
  try {
    await make(unfinished);
    // Fails if another start was first.
    await fs.rename(unfinished, target).catch(async (error) => {
      if (!(await isThere(target))) throw error;
    });
  } finally {
    await fs.rm(unfinished, { recursive: true, force: true });
  }
  return target;
}

/**
 * A hash of files and of what else an assembly depends on. Files are told apart by size and time of change, so that this takes
 * milliseconds.
 *
 * @param paths of files and folders; those that aren't there count as such.
 */
export async function hashSources(paths: readonly string[], others: object): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(others));
  for (const each of paths) await addTo(hash, each);
  return hash.digest('hex').slice(0, 32);
}

async function addTo(hash: Hash, file: string): Promise<void> {
  const stats = await fs.stat(file).catch(() => undefined);
  hash.update(`${file}\0${stats?.isFile() ? `${stats.size} ${stats.mtimeMs}` : ''}\0`);
  if (!stats?.isDirectory()) return;
  for (const name of (await fs.readdir(file)).sort()) {
    if (!LEFT_OUT.has(name)) await addTo(hash, path.join(file, name));
  }
}

async function removeOld(directory: string): Promise<void> {
  for (const name of await fs.readdir(directory)) {
    const folder = path.join(directory, name);
    const stats = await fs.stat(folder).catch(() => undefined);
    if (stats && Date.now() - stats.mtimeMs > MAX_AGE_MS) await fs.rm(folder, { recursive: true, force: true });
  }
}

async function isThere(folder: string): Promise<boolean> {
  return fs.access(folder).then(
    () => true,
    () => false,
  );
}
