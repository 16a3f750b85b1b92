import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './bundle.ts';

export interface ManifestOptions {
  name: string;
  description: string;
  keywords: readonly string[];
  exports: Readonly<Record<string, unknown>>;
  bin?: Readonly<Record<string, string>>;
  files: readonly string[];
  /** Names of packages that are imported. */
  imports: readonly string[];
  /** Packages that are found at run time, though nothing imports them by name. */
  alsoNeeds?: readonly string[];
}

/** The package.json of a published package. Its dependencies have the versions that this project is tested with. */
export function manifestOf({ imports, alsoNeeds = [], ...given }: ManifestOptions): Record<string, unknown> {
  const { version, license } = readJson(path.join(ROOT, 'package.json'));
  const versions = declaredVersions();
  const dependencies = [...imports, ...alsoNeeds].sort().map((name) => {
    const declared = versions.get(name);
    if (declared === undefined) throw new Error(`${given.name} imports ${name}, which no package.json declares`);
    return [name, declared] as const;
  });
  return {
    name: given.name,
    version,
    description: given.description,
    keywords: given.keywords,
    license,
    type: 'module',
    sideEffects: false,
    engines: { node: '^22.19.0 || >=24' },
    exports: given.exports,
    ...(given.bin && { bin: given.bin }),
    files: given.files,
    dependencies: Object.fromEntries(dependencies),
    publishConfig: { access: 'public' },
  };
}

/** By all workspaces, which agree on them. */
function declaredVersions(): Map<string, string> {
  const files = fs.globSync(['packages/*/package.json', 'infra/package.json'], { cwd: ROOT });
  const declared = files.flatMap((file) => Object.entries<string>(readJson(path.join(ROOT, file)).dependencies ?? {}));
  return new Map(declared.filter(([name]) => !name.startsWith('@tagmill/')));
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a manifest holds
function readJson(file: string): any {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
