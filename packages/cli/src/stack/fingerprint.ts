import { createHash, type Hash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

export interface Fingerprinted {
  /** Files and folders that are read; one that isn't there counts as such. */
  contents: readonly string[];
  /** Folders of very many files, told apart by each file's size, inode and times of change, to the nanosecond. */
  packages?: readonly string[];
  /** What else matters. */
  others?: unknown;
}

/**
 * A hash of all that files and folders hold: two are the same only if nothing differs.
 *
 * @param root what their paths are relative to.
 * @returns 64 hexadecimal digits.
 */
export function fingerprint(root: string, { contents, packages = [], others = null }: Fingerprinted): string {
  const hash = createHash('sha256').update(JSON.stringify(others));
  const state = { hash, root, seen: new Set<string>() };
  for (const each of contents) add(state, each, updateContent);
  for (const each of packages) add(state, each, updateTimes);
  return hash.digest('hex');
}

interface State {
  hash: Hash;
  root: string;
  /** Folders by their real paths: links may lead to one again. */
  seen: Set<string>;
}

type UpdateFile = (hash: Hash, file: string, stats: fs.BigIntStats) => void;

function updateContent(hash: Hash, file: string, { size }: fs.BigIntStats): void {
  hash.update(`${size}\0`).update(fs.readFileSync(file));
}

function updateTimes(hash: Hash, _file: string, { size, ino, mtimeNs, ctimeNs }: fs.BigIntStats): void {
  hash.update(`${size} ${ino} ${mtimeNs} ${ctimeNs}\0`);
}

function add(state: State, name: string, updateFile: UpdateFile): void {
  const { hash, root, seen } = state;
  const file = path.resolve(root, name);
  const stats = fs.statSync(file, { bigint: true, throwIfNoEntry: false });
  if (stats?.isDirectory()) {
    const real = fs.realpathSync(file);
    if (seen.has(real)) return;
    seen.add(real);
    hash.update(`folder ${name}\0`);
    for (const each of fs.readdirSync(file).sort()) add(state, path.join(name, each), updateFile);
  } else if (stats?.isFile()) {
    hash.update(`file ${name}\0`);
    updateFile(hash, file, stats);
  } else {
    hash.update(`nothing ${name}\0`);
  }
}
