import fs from 'node:fs';
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
  /** What is put into the bundle besides this project's own packages. */
  inside?: readonly string[];
  to: string;
}

/** Of this project: their code is bundled, since none of them is published. */
const OWN = /^@tagmill\//;

/**
 * Bundles TypeScript into JavaScript modules with source maps, and the faces' types into declarations. All files lie in one folder, so
 * that code finds what it starts as a process beside itself.
 *
 * @returns the packages that the result imports.
 */
export async function bundle({
  entries,
  faces,
  replacements = {},
  globals = {},
  inside = [],
  to,
}: BundleOptions): Promise<string[]> {
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
    deps: { neverBundle: true, alwaysBundle: [OWN, ...inside], onlyBundle: false },
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
  return importedPackages(
    bundles.flatMap(({ chunks }) => chunks).filter((chunk) => chunk.type === 'chunk'),
    to,
  );
}

function replaceFiles(replacements: Readonly<Record<string, string>>): Rolldown.Plugin {
  const byPath = new Map(
    Object.entries(replacements).map(([from, to]) => [path.join(ROOT, from), path.join(ROOT, to)] as const),
  );
  return {
    name: 'replace-files',
    async resolveId(source, importer, options) {
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
      const replacement = resolved && byPath.get(fs.realpathSync.native(resolved.id.split('?')[0]!));
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
  const packages = [...inCode, ...inTypes].filter((name) => !/^(node:|[./])/.test(name) && !files.has(name));
  return [...new Set(packages.map(packageName))].sort();
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
