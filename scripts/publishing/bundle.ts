import fs from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { build, type InlineConfig, type Rolldown } from 'tsdown';

export const ROOT = path.join(import.meta.dirname, '../..');

export interface BundleOptions {
  /** Files to start from, by the name that each has in `dist`. */
  entries: Readonly<Record<string, string>>;
  /** The entries that others import: they get declarations. */
  faces: readonly string[];
  /** Files that another one takes the place of, by paths from the root. */
  replacements?: Readonly<Record<string, string>>;
  /** Globals that Node 22 lacks, each with the file that exports it. */
  globals?: Readonly<Record<string, string>>;
  /** Packages of others that are left outside; all of them if absent. */
  outside?: readonly string[];
  to: string;
}

/** Of this project: their code is bundled, since none of them is published. */
const OWN = /^@tagmill\//;

/** Packages that others use where they are there: vega draws on a canvas then, which nothing here asks for. */
const ABSENT = ['canvas'];

/**
 * Bundles TypeScript into JavaScript modules with source maps, and the faces' types into declarations. All files lie in one folder, so
 * that code finds what it starts as a process beside itself.
 *
 * @returns the packages that the result imports, and the folders of those that are inside it.
 */
export async function bundle({
  entries,
  faces,
  replacements = {},
  globals = {},
  outside,
  to,
}: BundleOptions): Promise<{ imports: string[]; inside: string[] }> {
  const absolute = (files: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(files).map(([name, file]) => [name, path.join(ROOT, file)]));
  const common: InlineConfig = {
    config: false,
    cwd: ROOT,
    tsconfig: 'scripts/publishing/tsconfig.json',
    outDir: to,
    format: 'esm',
    platform: 'node',
    target: 'node22.19',
    outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
    deps: {
      ...(outside
        ? { neverBundle: [...outside.map((name) => new RegExp(`^${name}(/|$)`)), ...ABSENT] }
        : { neverBundle: true, alwaysBundle: [OWN] }),
      onlyBundle: false,
    },
    logLevel: 'warn',
    report: false,
  };
  const { bundles } = await build({
    ...common,
    entry: absolute(entries),
    sourcemap: true,
    dts: false,
    clean: true,
    plugins: [replaceFiles(replacements)],
    inputOptions: {
      transform: {
        inject: Object.fromEntries(
          Object.entries(globals).map(([name, file]) => [name, [path.join(ROOT, file), name]]),
        ),
      },
    },
  });
  const faceEntries = Object.fromEntries(faces.map((name) => [name, entries[name]!]));
  await build({ ...common, entry: absolute(faceEntries), clean: false, dts: { dtsOnly: true } });
  const chunks = bundles.flatMap((each) => each.chunks).filter((chunk) => chunk.type === 'chunk');
  for (const map of fs.globSync(path.join(to, '*.js.map'))) leaveOutSourcesOfOthers(map);
  return { imports: importedPackages(chunks, to), inside: bundledPackages(chunks) };
}

function replaceFiles(replacements: Readonly<Record<string, string>>): Rolldown.Plugin {
  const byPath = new Map(
    Object.entries(replacements).map(([from, to]) => [path.join(ROOT, from), path.join(ROOT, to)] as const),
  );
  return {
    name: 'replace-files',
    async resolveId(source, importer, options) {
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
      if (!resolved || resolved.external || !path.isAbsolute(resolved.id) || !fs.existsSync(resolved.id)) return null;
      const replacement = byPath.get(fs.realpathSync(resolved.id));
      // A replacement may import the types of what it replaces.
      return replacement === undefined || replacement === importer ? null : replacement;
    },
  };
}

/** Of the code and the declarations. The bundler writes one import a line, at the line's start or as a call. */
function importedPackages(chunks: readonly Rolldown.OutputChunk[], folder: string): string[] {
  const inCode = chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports]);
  const declarations = fs.globSync(path.join(folder, '*.d.ts')).map((file) => fs.readFileSync(file, 'utf8'));
  const inTypes = declarations.flatMap((text) => [...text.matchAll(/from ["']([^"']+)["']/g)].map(([, name]) => name!));
  const files = new Set(chunks.map(({ fileName }) => fileName));
  const packages = [...inCode, ...inTypes].filter(
    (name) => !/^(node:|[./])/.test(name) && !files.has(name) && !isBuiltin(name) && !ABSENT.includes(name),
  );
  return [...new Set(packages.map(packageName))].sort();
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The folder of each package that a part of is inside. */
function bundledPackages(chunks: readonly Rolldown.OutputChunk[]): string[] {
  const folders = chunks.flatMap(({ moduleIds }) =>
    moduleIds.flatMap((id) => /^.*\/node_modules\/(@[^/]+\/)?[^/@]+(?=\/)/.exec(id)?.[0] ?? []),
  );
  return [...new Set(folders)].sort();
}

/** Their text is two thirds of the maps, and npm has it. */
function leaveOutSourcesOfOthers(file: string): void {
  const map = JSON.parse(fs.readFileSync(file, 'utf8'));
  map.sourcesContent = map.sources.map((source: string, i: number) =>
    source.includes('node_modules/') ? null : map.sourcesContent[i],
  );
  fs.writeFileSync(file, JSON.stringify(map));
}
