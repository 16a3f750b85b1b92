import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { TagmillError } from '@tagmill/core';
import type { Plugin } from 'esbuild';
import type { Target } from './bundles.ts';

const ROOT = path.join(import.meta.dirname, '..');
const MODULES = path.join(ROOT, 'node_modules');
const FETCHED = path.join(ROOT, 'build/native-packages');

/** Of these a bundle loads files at run time: native code, and the HEIC decoder, which most images never need. */
export const NATIVE_PACKAGES = ['sharp', 'onnxruntime-node', '@julusian/jpeg-turbo', 'libheif-js'] as const;

/** What esbuild leaves outside of a bundle. */
export const EXTERNAL_FILES = ['@img/sharp-*', '@julusian/jpeg-turbo', 'libheif-js', 'libheif-js/*'] as const;

/** Where they load their native code by a path relative to their own: in a bundle their code lies elsewhere. */
const LOADERS: Record<string, RegExp> = {
  sharp: /node_modules\/sharp\/dist\/sharp\.mjs$/,
  'onnxruntime-node': /node_modules\/onnxruntime-node\/dist\/binding\.js$/,
};

/** Makes bundled JavaScript find the native code that {@link copyNativePackages} lays out. */
export const nativePackages: Plugin = {
  name: 'native-packages',
  setup({ onLoad }) {
    for (const [name, filter] of Object.entries(LOADERS)) {
      onLoad({ filter }, ({ path: file }) => {
        const source = fs.readFileSync(file, 'utf8');
        const contents = source.replaceAll('require(`../', `require(\`${name}/`);
        if (contents === source) throw new TagmillError('internal', `${file} loads its native code in another way`);
        return { contents };
      });
    }
  },
};

type Copy = (name: string, only?: (file: string) => boolean) => void;

/** The files of each that a bundle loads, and of what they need in turn. */
const COPY_PACKAGE: Record<string, (copy: Copy, target: Target) => void> = {
  sharp(copy, target) {
    for (const name of sharpBinaries(target)) copy(name);
  },
  'onnxruntime-node'(copy, target) {
    copy('onnxruntime-node', isIn(`bin/napi-v6/${target.platform}/${cpuOf(target)}/`));
  },
  '@julusian/jpeg-turbo'(copy, target) {
    const isTargets = isIn(`prebuilds/jpeg-turbo-${target.platform}-${cpuOf(target)}/`);
    copy(
      '@julusian/jpeg-turbo',
      (file) => isTargets(file) || /^(LICENSE|(index|binding-options|package)\.js(on)?)$/.test(file),
    );
    // What its index.js finds its library by.
    copy('pkg-prebuilds', (file) => /^(LICENSE|bindings\.js|package\.json|lib(\/.*)?)$/.test(file));
  },
  'libheif-js'(copy) {
    copy('libheif-js', (file) => !/^libheif(\/|$)|libheif\.(wasm|js)$|\.mjs$/.test(file));
  },
};

/**
 * Lays out packages under `directory`/node_modules, with native code of the target only: from the packages that are
 * installed, and for another machine's target from npm.
 *
 * @param names some of `NATIVE_PACKAGES`.
 * @throws {TagmillError} `invalid-argument` if there is no native code for the target, `unavailable` if npm can't fetch it,
 * `checksum-mismatch` if that isn't what package-lock.json pins.
 */
export function copyNativePackages(names: readonly string[], directory: string, target: Target): void {
  if (names.length === 0) return;
  assertSupported(target);
  const missing = sharpBinaries(target).filter((name) => !fs.existsSync(path.join(MODULES, name)));
  const fetched = names.includes('sharp') && missing.length > 0 ? fetchPackages(missing, target) : MODULES;
  const copy: Copy = (name, only = () => true) => {
    const from = path.join(missing.includes(name) ? fetched : MODULES, name);
    fs.cpSync(from, path.join(directory, 'node_modules', name), {
      recursive: true,
      dereference: true,
      filter: (source) => {
        const file = path.relative(from, source).replaceAll(path.sep, '/');
        return file === '' || (only(file) && !isForDevelopers(file));
      },
    });
  };
  for (const name of names) COPY_PACKAGE[name]!(copy, target);
}

/** Whether a file is a folder's, or a folder that leads to it. */
function isIn(folder: string): (file: string) => boolean {
  return (file) => folder.startsWith(`${file}/`) || file.startsWith(folder);
}

function cpuOf({ architecture }: Target): string {
  return architecture === 'arm64' ? 'arm64' : 'x64';
}

/** Windows' part holds libvips itself. */
function sharpBinaries(target: Target): string[] {
  const { optionalDependencies } = readJson(path.join(MODULES, 'sharp/package.json'));
  return ['sharp', 'sharp-libvips']
    .map((part) => `@img/${part}-${target.platform}-${cpuOf(target)}`)
    .filter((name) => name in optionalDependencies);
}

function assertSupported(target: Target): void {
  const libraries = path.join(MODULES, 'onnxruntime-node/bin/napi-v6');
  const supported = fs
    .readdirSync(libraries)
    .flatMap((platform) => fs.readdirSync(path.join(libraries, platform)).map((cpu) => `${platform} ${cpu}`));
  const wanted = `${target.platform} ${cpuOf(target)}`;
  if (supported.includes(wanted)) return;
  throw new TagmillError(
    'invalid-argument',
    `ONNX Runtime isn't there for ${wanted}; it is for: ${supported.join(', ')}`,
  );
}

/** @returns the folder that holds them, as npm unpacked them past its check that they are for this machine. */
function fetchPackages(names: readonly string[], target: Target): string {
  const prefix = path.join(FETCHED, `${target.platform}-${target.architecture}`);
  const pinned = readJson(path.join(ROOT, 'package-lock.json')).packages;
  const installed = path.join(prefix, 'node_modules/.package-lock.json');
  const isPinned = () => {
    const packages = fs.existsSync(installed) ? readJson(installed).packages : {};
    return names
      .map((name) => `node_modules/${name}`)
      .every((entry) => packages[entry]?.integrity === pinned[entry].integrity);
  };
  if (!isPinned()) {
    fs.rmSync(prefix, { recursive: true, force: true });
    const wanted = names.map((name) => `${name}@${pinned[`node_modules/${name}`].version}`);
    const flags = ['--prefix', prefix, '--no-save', '--force', '--ignore-scripts', '--loglevel', 'error'];
    const { status, error } = spawnSync('npm', ['install', ...flags, ...wanted], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0)
      throw new TagmillError('unavailable', `npm could not fetch ${wanted.join(', ')}`, { cause: error });
    if (!isPinned())
      throw new TagmillError('checksum-mismatch', `${wanted.join(', ')}: not what package-lock.json pins`);
  }
  return path.join(prefix, 'node_modules');
}

function isForDevelopers(file: string): boolean {
  return /\.(md|map|h|ts|cts|mts)$/.test(file) || /(^|\/)(docs?|test|examples)(\/|$)/.test(file);
}

function readJson(file: string) {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
