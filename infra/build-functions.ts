/**
 * Bundles the functions, ready to be zipped: build/functions/PLATFORM-ARCHITECTURE/NAME. What is native is laid out for the
 * target only, from the packages that are installed; for another machine's architecture npm fetches it here, so that
 * synthesizing needs no network.
 *
 *   npm run build:functions [-- --platform linux|darwin|win32] [--architecture x86_64|arm64] [--models DIR] [--out DIR]
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { TagmillError } from '@tagmill/core';
import { loadCatalogue, PROFILES } from '@tagmill/variants';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { ARCHITECTURES, BUNDLES, type BundleTarget, bundlePath } from './bundles.ts';
import { cacheCode } from './code-cache.ts';
import { copyNativePackages, EXTERNAL_FILES, NATIVE_PACKAGES, nativePackages } from './native-packages.ts';

const ROOT = path.join(import.meta.dirname, '..');

/** A direct upload to Lambda takes no more: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_ZIPPED_BYTES = 50 * 2 ** 20;

/** Node's own around a CommonJS script; in the file, since V8 would first copy what is put together when it is run. */
const WRAPPER = ['(function (module, exports, require, __filename, __dirname) {', '})'] as const;

interface Script {
  name: string;
  source: string;
  /** What stands before and after it. */
  around: readonly [string, string];
}

/** What a function's handler finds beside itself: what it runs, and what it starts as a process. */
const SCRIPTS: Record<string, readonly Script[]> = {
  'tag-images': [
    { name: 'start', source: path.join(ROOT, 'functions/tag-images/src/start.ts'), around: WRAPPER },
    { name: 'decoder-process', source: path.join(ROOT, 'packages/tagger/src/decoder-process.ts'), around: ['', ''] },
  ],
};

try {
  const { models, ...target } = parseCommandLine();
  await replaceAll([
    makeFunction('tag-images', target, async (directory) => {
      await copyModels(models, path.join(directory, 'models'));
      if (runsHere(target)) await cacheCode(directory);
    }),
    makeFunction('query-tags', target, async (directory) => {
      copyLabels(models, path.join(directory, 'labels'));
      fs.cpSync(path.join(models, 'catalogue.json'), path.join(directory, 'catalogue.json'));
    }),
    makeFunction('reconcile', target),
    makeFunction('enqueue-backlog', target),
  ]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

function parseCommandLine(): BundleTarget & { models: string } {
  const { values } = parseArgs({
    options: {
      platform: { type: 'string', default: process.platform },
      architecture: { type: 'string', default: process.arch === 'arm64' ? 'arm64' : 'x86_64' },
      models: { type: 'string', default: path.join(ROOT, 'models') },
      out: { type: 'string', default: BUNDLES },
    },
  });
  const architecture = ARCHITECTURES.find((known) => known === values.architecture);
  if (!architecture) {
    throw new TagmillError(
      'invalid-argument',
      `Unknown architecture ${values.architecture}; there are: ${ARCHITECTURES.join(', ')}`,
    );
  }
  return { platform: values.platform, architecture, models: values.models, bundles: path.resolve(values.out) };
}

function runsHere({ platform, architecture }: BundleTarget): boolean {
  return platform === process.platform && architecture === (process.arch === 'arm64' ? 'arm64' : 'x86_64');
}

/** A bundle that is complete, beside its place. */
interface MadeBundle {
  directory: string;
  place: string;
  sizes: string;
}

async function makeFunction(
  name: string,
  target: BundleTarget,
  addFiles: (directory: string) => Promise<void> = async () => undefined,
): Promise<MadeBundle> {
  const place = bundlePath(name, target);
  const directory = `${place}.${process.pid}.partial`;
  try {
    copyNativePackages(await bundle(name, directory), directory, target);
    await addFiles(directory);
    const { bytes, zippedBytes } = await sizeOf(directory);
    const megabytes = (size: number) => `${(size / 2 ** 20).toFixed(1)} MiB`;
    const sizes = `${megabytes(bytes)}, zipped ${megabytes(zippedBytes)}`;
    if (zippedBytes <= MAX_ZIPPED_BYTES) return { directory, place, sizes };
    throw new TagmillError('too-many-bytes', `${name}: ${sizes}; a direct upload takes ${megabytes(MAX_ZIPPED_BYTES)}`);
  } catch (error) {
    fs.rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}

/** Renames all into their places, or none: what is there is whole, and of one build, whenever this fails. */
async function replaceAll(bundles: readonly Promise<MadeBundle>[]): Promise<void> {
  const results = await Promise.allSettled(bundles);
  const made = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) {
    for (const { directory } of made) fs.rmSync(directory, { recursive: true });
    throw failure.reason;
  }
  for (const { directory, place, sizes } of made) {
    fs.rmSync(place, { recursive: true, force: true });
    fs.renameSync(directory, place);
    process.stderr.write(`${path.relative(process.cwd(), place)}: ${sizes}\n`);
  }
}

/** @returns the native packages that it imports. */
async function bundle(name: string, directory: string): Promise<string[]> {
  const common: BuildOptions & { metafile: true } = {
    outdir: directory,
    bundle: true,
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    external: [...EXTERNAL_FILES],
    plugins: [nativePackages],
    logLevel: 'warning',
    metafile: true,
  };
  const modules = await build({
    ...common,
    entryPoints: { index: path.join(ROOT, 'functions', name, 'src/handler.ts') },
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    // Some dependencies are CommonJS and call require.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
    },
  });
  const scripts = await Promise.all(
    (SCRIPTS[name] ?? []).map(({ name: script, source, around: [before, after] }) =>
      build({
        ...common,
        entryPoints: { [script]: source },
        outExtension: { '.js': '.cjs' },
        format: 'cjs',
        // A builtin that is imported later is required, which loads less of it.
        supported: { 'dynamic-import': false },
        define: {
          'import.meta.dirname': '__dirname',
          'import.meta.filename': '__filename',
          'import.meta.url': 'importMetaUrl',
        },
        banner: { js: `${before}const importMetaUrl = require('node:url').pathToFileURL(__filename).href;` },
        footer: { js: after },
      }),
    ),
  );
  const used = [modules, ...scripts].flatMap(({ metafile }) => Object.values(metafile.outputs).flatMap(filesOf));
  assertOneVersionEach(name, used);
  return NATIVE_PACKAGES.filter((each) => used.some((file) => file.includes(`node_modules/${each}/`)));
}

/** What is in a bundle, and what it leaves outside. */
function filesOf({ inputs, imports }: Metafile['outputs'][string]): string[] {
  const inside = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return [...inside.map(([file]) => file), ...imports.map((each) => `node_modules/${each.path}/`)];
}

/** An AWS client tells its errors and itself by class: one of another version's is taken for no error of AWS at all. */
function assertOneVersionEach(name: string, files: readonly string[]): void {
  const folders = new Map<string, string>();
  for (const file of files) {
    const [folder, client] = /^.*node_modules\/(@aws-sdk\/client-[^/]+)/.exec(file) ?? [];
    if (folder === undefined || client === undefined) continue;
    const other = folders.get(client) ?? folder;
    if (other !== folder) {
      throw new TagmillError('invalid-settings', `${name} would have ${client} twice, of ${other} and ${folder}`);
    }
    folders.set(client, folder);
  }
}

/** The catalogue and the files that it names, whatever else its folder holds. */
async function copyModels(from: string, to: string): Promise<void> {
  const { variants } = await loadCatalogue({ directories: [from] });
  const catalogue = path.join(from, 'catalogue.json');
  const files = new Set([
    catalogue,
    ...labelFiles(from),
    ...variants.map(({ file }) => file),
    ...fs.globSync(path.join(from, PROFILES, '*.json')),
  ]);
  for (const file of files) {
    if (!fs.existsSync(file))
      throw new TagmillError('invalid-catalogue', `${catalogue} names ${file}, which isn't there`);
    fs.cpSync(file, path.join(to, path.relative(from, file)));
  }
}

/** The label sets alone: their synonyms are asked for. */
function copyLabels(from: string, to: string): void {
  for (const file of labelFiles(from)) fs.cpSync(file, path.join(to, path.basename(file)));
}

function labelFiles(models: string): string[] {
  const { labelSets } = JSON.parse(fs.readFileSync(path.join(models, 'catalogue.json'), 'utf8'));
  return Object.values<string>(labelSets).map((file) => path.join(models, file));
}

/** Each file deflated on its own, as in a zip; its headers add some hundred bytes a file. */
async function sizeOf(directory: string): Promise<{ bytes: number; zippedBytes: number }> {
  const deflate = promisify(deflateRaw);
  const entries = fs.readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    entries.map(async ({ parentPath, name }) => {
      const content = await fs.promises.readFile(path.join(parentPath, name));
      return { bytes: content.length, zippedBytes: (await deflate(content)).length };
    }),
  );
  return {
    bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
    zippedBytes: sizes.reduce((sum, { zippedBytes }) => sum + zippedBytes, 0),
  };
}
