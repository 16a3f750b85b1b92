/**
 * Bundles the functions, ready to be zipped: build/functions/PLATFORM-ARCHITECTURE/NAME. What is native is laid out for the
 * target only, from the packages that are installed; for another machine's architecture npm fetches them here, so that
 * synthesizing needs no network.
 *
 *   npm run build:functions [-- --platform linux|darwin] [--architecture x86_64|arm64] [--models DIR] [--out DIR]
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { build } from 'esbuild';
import { BUNDLES, bundlePath, type Target } from './bundles.ts';

const ROOT = path.join(import.meta.dirname, '..');
const MODULES = path.join(ROOT, 'node_modules');
const FETCHED = path.join(ROOT, 'build/native-packages');

/** Loaded at run time: native code, and the HEIC decoder, which most images never need. */
const EXTERNAL = ['sharp', 'onnxruntime-node', 'libheif-js'];

/** A direct upload to Lambda takes no more: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_ZIPPED_BYTES = 50 * 2 ** 20;

const host = { platform: process.platform, architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64' };
const { values } = parseArgs({
  options: {
    platform: { type: 'string', default: host.platform },
    architecture: { type: 'string', default: host.architecture },
    models: { type: 'string', default: path.join(ROOT, 'models') },
    out: { type: 'string', default: BUNDLES },
  },
});
if (values.architecture !== 'x86_64' && values.architecture !== 'arm64') {
  throw new Error(`Unknown architecture ${values.architecture}; there are: x86_64, arm64`);
}
if (!fs.existsSync(path.join(values.models, 'catalogue.json')))
  throw new Error(`No catalogue.json in ${values.models}`);
const target: Target = { bundles: values.out, platform: values.platform, architecture: values.architecture };
const cpu = target.architecture === 'arm64' ? 'arm64' : 'x64';

const tagImages = await bundle('tag-images');
copyNativePackages(tagImages);
copyModels(values.models, path.join(tagImages, 'models'));
const queryTags = await bundle('query-tags');

for (const directory of [tagImages, queryTags]) {
  const { bytes, zippedBytes } = sizeOf(directory);
  const megabytes = (size: number) => `${(size / 2 ** 20).toFixed(1)} MiB`;
  process.stderr.write(`${path.relative(ROOT, directory)}: ${megabytes(bytes)}, zipped ${megabytes(zippedBytes)}\n`);
  if (zippedBytes > MAX_ZIPPED_BYTES) throw new Error(`${directory} is too large for a direct upload`);
}

async function bundle(name: string): Promise<string> {
  const directory = bundlePath(name, target);
  fs.rmSync(directory, { recursive: true, force: true });
  await build({
    entryPoints: [path.join(ROOT, 'functions', name, 'src/handler.ts')],
    outfile: path.join(directory, 'index.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    external: EXTERNAL.flatMap((module) => [module, `${module}/*`]),
    // Some dependencies are CommonJS and call require.
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  return directory;
}

function copyNativePackages(directory: string): void {
  const copy = (name: string, only: (file: string) => boolean = () => true, from = MODULES) =>
    copyTree(
      path.join(from, name),
      path.join(directory, 'node_modules', name),
      (file) => only(file) && !isDocumentation(file),
    );
  copy('sharp', (file) => !/^(src|install)(\/|$)/.test(file));
  for (const name of ['@img/colour', 'detect-libc', 'semver', 'onnxruntime-common']) copy(name);
  copy('libheif-js', (file) => !/^libheif(\/|$)|libheif\.(wasm|js)$|\.mjs$/.test(file));
  const native = new RegExp(`^bin(/napi-v\\d+(/${target.platform}(/${cpu}(/.*)?)?)?)?$`);
  copy('onnxruntime-node', (file) => (file.startsWith('bin') ? native.test(file) : !file.startsWith('script')));
  const versions: Record<string, string> = readJson(path.join(MODULES, 'sharp/package.json')).optionalDependencies;
  for (const part of ['sharp', 'sharp-libvips']) {
    const name = `@img/${part}-${target.platform}-${cpu}`;
    copy(name, () => true, fs.existsSync(path.join(MODULES, name)) ? MODULES : fetchPackage(name, versions[name]!));
  }
}

/** By npm, past its check that the package is for this machine. */
function fetchPackage(name: string, version: string): string {
  const { status } = spawnSync('npm', ['install', '--no-save', '--force', '--prefix', FETCHED, `${name}@${version}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`npm could not fetch ${name}@${version}`);
  return path.join(FETCHED, 'node_modules');
}

function copyModels(from: string, to: string): void {
  for (const part of ['catalogue.json', 'labels', 'weights', 'onnx']) {
    if (fs.existsSync(path.join(from, part))) copyTree(path.join(from, part), path.join(to, part), () => true);
  }
}

function copyTree(from: string, to: string, only: (file: string) => boolean): void {
  fs.cpSync(from, to, {
    recursive: true,
    dereference: true,
    filter: (source) => source === from || only(path.relative(from, source)),
  });
}

function isDocumentation(file: string): boolean {
  return /\.(md|map|ts|cts|mts)$/.test(file) || /(^|\/)(docs?|test|examples)(\/|$)/.test(file);
}

function sizeOf(directory: string): { bytes: number; zippedBytes: number } {
  const entries = fs.readdirSync(directory, { recursive: true, withFileTypes: true });
  const contents = entries
    .filter((entry) => entry.isFile())
    .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name)));
  const sum = (sizes: number[]) => sizes.reduce((total, size) => total + size, 0);
  return {
    bytes: sum(contents.map(({ length }) => length)),
    zippedBytes: sum(contents.map((content) => deflateRawSync(content).length)),
  };
}

function readJson(file: string) {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
