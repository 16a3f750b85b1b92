/**
 * Bundles the functions, ready to be zipped: build/functions/PLATFORM-ARCHITECTURE/NAME. What is native is laid out for the
 * target only, from the packages that are installed; for another machine's architecture npm fetches it here, so that
 * synthesizing needs no network.
 *
 *   npm run build:functions [-- --platform linux|darwin|win32] [--architecture x86_64|arm64] [--out DIR]
 *                           [--models DIR]… [--family NAME] [--any-size] [--for-npm]
 *
 * Of the models it takes one family: by default the one that the stack's options in cdk.json name, from the project's own and from
 * the user's. Of folders that are named it takes all that is in them, unless a family is named, too.
 *
 * With --for-npm it makes what the package tagmill runs: for its oldest Node, and without native packages, which npm installs.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { TagmillError } from '@tagmill/core';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { bundleLabels, bundleModels, type ModelsToBundle, modelsToBundle } from './bundle-models.ts';
import { ARCHITECTURES, BUNDLES, type BundleTarget, bundlePath } from './bundles.ts';
import { cacheCode } from './code-cache.ts';
import { copyNativePackages, EXTERNAL_FILES, NATIVE_PACKAGES, nativePackages } from './native-packages.ts';

const ROOT = path.join(import.meta.dirname, '..');

/** A direct upload to Lambda takes no more: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_ZIPPED_BYTES = 50 * 2 ** 20;

const FOR_LAMBDA: BuildOptions = { target: 'node24' };
const FOR_NPM: BuildOptions = {
  target: 'node22.19',
  minifyWhitespace: true,
  minifySyntax: true,
  // Node 22 has no Float16Array.
  inject: [path.join(ROOT, 'packages/tagmill/src/float16.ts')],
};

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
    {
      name: 'decoder-process',
      source: path.join(ROOT, 'packages/tagger/src/isolation/decoder-process.ts'),
      around: ['', ''],
    },
  ],
};

try {
  const { models, ...options } = parseCommandLine();
  await replaceAll([
    makeFunction('tag-images', options, async (directory) => {
      await bundleModels(models, path.join(directory, 'models'));
      if (runsHere(options) && !options.isForNpm) await cacheCode(directory);
    }),
    makeFunction('query-tags', options, async (directory) => {
      await bundleLabels(models, directory);
    }),
    makeFunction('reconcile', options),
    makeFunction('enqueue-backfill', options),
  ]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

interface MakeOptions extends BundleTarget {
  isAnySize: boolean;
  isForNpm: boolean;
}

function parseCommandLine(): MakeOptions & { models: ModelsToBundle } {
  const { values } = parseArgs({
    options: {
      platform: { type: 'string', default: process.platform },
      architecture: { type: 'string', default: process.arch === 'arm64' ? 'arm64' : 'x86_64' },
      models: { type: 'string', multiple: true },
      family: { type: 'string' },
      // For a stack on this machine, which nothing is uploaded for.
      'any-size': { type: 'boolean', default: false },
      'for-npm': { type: 'boolean', default: false },
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
  const models = modelsToBundle(values);
  const { platform, 'any-size': isAnySize, 'for-npm': isForNpm } = values;
  return { platform, architecture, models, isAnySize, isForNpm, bundles: path.resolve(values.out) };
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
  { isAnySize, isForNpm, ...target }: MakeOptions,
  addFiles: (directory: string) => Promise<void> = async () => undefined,
): Promise<MadeBundle> {
  const place = bundlePath(name, target);
  const directory = `${place}.${process.pid}.partial`;
  try {
    const natives = await bundle(name, directory, isForNpm ? FOR_NPM : FOR_LAMBDA);
    if (!isForNpm) copyNativePackages(natives, directory, target);
    await addFiles(directory);
    const { bytes, zippedBytes } = await sizeOf(directory);
    const megabytes = (size: number) => `${(size / 2 ** 20).toFixed(1)} MiB`;
    const sizes = `${megabytes(bytes)}, zipped ${megabytes(zippedBytes)}`;
    if (isAnySize || zippedBytes <= MAX_ZIPPED_BYTES) return { directory, place, sizes };
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
async function bundle(name: string, directory: string, runtime: BuildOptions): Promise<string[]> {
  const common: BuildOptions & { metafile: true } = {
    outdir: directory,
    bundle: true,
    platform: 'node',
    ...runtime,
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
