import fs from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

export const ROOT = path.join(import.meta.dirname, '../..');

export interface BundleOptions {
  /** Files to start from, by the name that each has in `dist`. */
  entries: Readonly<Record<string, string>>;
  /** Files that another one takes the place of, by paths from the root. */
  replacements?: Readonly<Record<string, string>>;
  /** Files that export globals which Node 22 lacks. */
  globals?: readonly string[];
  /** Packages of others that are left outside; all of them if absent. */
  outside?: readonly string[];
  to: string;
}

/** Of this project: their code is bundled. A package that is published itself is left outside where `outside` names it. */
const OWN = /^@tagmill\//;

/** Packages that others use where they are there: vega draws on a canvas then, which nothing here asks for. */
const ABSENT = ['canvas'];

/**
 * Bundles TypeScript into JavaScript modules with source maps. All files lie in one folder, so that code finds what it starts as a
 * process beside itself.
 *
 * @returns the packages that the result imports, and the folders of those that are inside it.
 */
export async function bundle({
  entries,
  replacements = {},
  globals = [],
  outside,
  to,
}: BundleOptions): Promise<{ imports: string[]; inside: string[] }> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { ...entries },
    outdir: to,
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.19',
    mainFields: ['module', 'main'],
    sourcemap: true,
    // Names stay, so that a stack trace can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    // Some dependencies are CommonJS and call require.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
    },
    inject: [...globals],
    plugins: [leaveOutside(outside), replaceFiles(replacements)],
    logLevel: 'warning',
    metafile: true,
  });
  for (const map of fs.globSync(path.join(to, '*.js.map'))) leaveOutSourcesOfOthers(map);
  const outputs = Object.values(metafile.outputs);
  return { imports: importedPackages(outputs), inside: bundledPackages(outputs) };
}

function leaveOutside(names: readonly string[] | undefined): Plugin {
  return {
    name: 'leave-outside',
    setup({ onResolve }) {
      // A package's name: neither a path nor a URL.
      onResolve({ filter: /^(@[^/]+\/)?[\w-][^:]*$/ }, ({ path: specifier, kind }) => {
        const name = packageName(specifier);
        if (kind === 'entry-point' || isBuiltin(specifier)) return null;
        const isOutside = names ? [...names, ...ABSENT].includes(name) : !OWN.test(specifier);
        return isOutside ? { path: specifier, external: true } : null;
      });
    },
  };
}

function replaceFiles(replacements: Readonly<Record<string, string>>): Plugin {
  const byPath = new Map(
    Object.entries(replacements).map(([from, to]) => [path.join(ROOT, from), path.join(ROOT, to)] as const),
  );
  return {
    name: 'replace-files',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path: specifier, resolveDir }) => {
        const replacement = byPath.get(path.resolve(resolveDir, specifier));
        return replacement === undefined ? null : { path: replacement };
      });
    },
  };
}

type Output = Metafile['outputs'][string];

function importedPackages(outputs: readonly Output[]): string[] {
  const outside = outputs.flatMap(({ imports }) => imports.filter(({ external }) => external).map((each) => each.path));
  const packages = outside.filter((name) => !isBuiltin(name) && !ABSENT.includes(name)).map(packageName);
  return [...new Set(packages)].sort();
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The folder of each package of others that a part of is inside. */
function bundledPackages(outputs: readonly Output[]): string[] {
  const files = outputs.flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  const folders = files.flatMap((file) => /^(.*\/)?node_modules\/(@[^/]+\/)?[^/@]+(?=\/)/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].sort().map((folder) => path.join(ROOT, folder));
}

/** Their text is two thirds of the maps, and npm has it. */
function leaveOutSourcesOfOthers(file: string): void {
  const map = JSON.parse(fs.readFileSync(file, 'utf8'));
  map.sourcesContent = map.sources.map((source: string, i: number) =>
    source.includes('node_modules/') ? null : map.sourcesContent[i],
  );
  fs.writeFileSync(file, JSON.stringify(map));
}
