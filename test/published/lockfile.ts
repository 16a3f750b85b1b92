/** A package-lock.json for a folder outside of the tree, of the versions that the tree is locked to: npm has them in its cache since `npm ci`. */
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../helpers/command.ts';

/** As npm writes it. */
interface Entry {
  version?: string;
  resolved?: string;
  link?: boolean;
  /** It comes inside the tarball of the package that it lies in. */
  inBundle?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** A package of the tree, packed. */
export interface Tarball {
  /** Its file, from the folder. */
  file: string;
  manifest: Entry & { name: string };
}

const LOCKED: Readonly<Record<string, Entry>> = JSON.parse(
  fs.readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'),
).packages;

/**
 * Locks a folder's packages.
 *
 * @param tarballs that the folder installs.
 * @param others by name: packages of the registry, which the tree has too.
 */
export function lockFolder(
  tarballs: readonly Tarball[],
  others: readonly string[],
): { manifest: object; lock: object } {
  const placed: Record<string, Entry> = {};
  for (const { file, manifest } of tarballs) {
    placed[`node_modules/${manifest.name}`] = { ...manifest, resolved: `file:${file}` };
  }
  for (const name of others) place(placed, { name, from: '', under: '' });
  for (const { manifest } of tarballs) {
    for (const [name, version] of Object.entries(needs(manifest))) {
      place(placed, { name, version, from: '', under: `node_modules/${manifest.name}` });
    }
  }
  const dependencies = {
    ...Object.fromEntries(tarballs.map(({ file, manifest }) => [manifest.name, `file:${file}`])),
    ...Object.fromEntries(others.map((name) => [name, placed[`node_modules/${name}`]!.version])),
  };
  const manifest = { private: true, type: 'module', dependencies };
  return { manifest, lock: { lockfileVersion: 3, requires: true, packages: { '': { dependencies }, ...placed } } };
}

interface Need {
  name: string;
  version?: string;
  /** Path in the tree of the package that needs it. */
  from: string;
  /** Path in the folder of that package. */
  under: string;
}

/** Beside all others, or inside the package that needs it where another version is there already. */
function place(placed: Record<string, Entry>, { name, version, from, under }: Need): void {
  const source = locate(name, version, from);
  if (source === undefined) throw new Error(`package-lock.json has no ${name}, which ${under} needs`);
  const entry = keepInstalled(LOCKED[source]!, source);
  const top = `node_modules/${name}`;
  const isTaken = placed[top] !== undefined && placed[top].version !== entry.version;
  const beside = isTaken ? `${under}/${top}` : top;
  const target = entry.inBundle ? source : beside;
  if (placed[target] !== undefined) return;
  placed[target] = entry;
  for (const each of Object.keys(needs(entry))) place(placed, { name: each, from: source, under: target });
}

/** Of what a package needs on some platforms, what this one has. */
function keepInstalled(entry: Entry, source: string): Entry {
  if (entry.optionalDependencies === undefined) return entry;
  const optionalDependencies = Object.fromEntries(
    Object.entries(entry.optionalDependencies).filter(([name]) => {
      const found = locate(name, undefined, source);
      return found !== undefined && fs.existsSync(path.join(ROOT, found));
    }),
  );
  return { ...entry, optionalDependencies };
}

function needs({ dependencies, optionalDependencies, peerDependencies = {}, peerDependenciesMeta = {} }: Entry) {
  const peers = Object.entries(peerDependencies).filter(([name]) => peerDependenciesMeta[name]?.optional !== true);
  return { ...Object.fromEntries(peers), ...dependencies, ...optionalDependencies };
}

/** Where Node would find a package; what a workspace needs in another version than the rest has is found by that version. */
function locate(name: string, version: string | undefined, from: string): string | undefined {
  const parents = from.split(/(?=\/node_modules\/)/).map((_, i, parts) => parts.slice(0, parts.length - i).join(''));
  const candidates = [...parents.filter((each) => each !== ''), ''].map((each) =>
    path.posix.join(each, 'node_modules', name),
  );
  const workspaces = Object.keys(LOCKED).filter(
    (each) => /^packages\/[^/]+\/node_modules\//.test(each) && each.endsWith(`/${name}`),
  );
  const found = [...candidates, ...workspaces].filter((each) => LOCKED[each] !== undefined);
  return found.find((each) => LOCKED[each]!.version === version) ?? found[0];
}
