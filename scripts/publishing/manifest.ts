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
  /** Of those, what whoever installs it has, too, and both must share. */
  peers?: readonly string[];
  /** Packages of this project that some need, with their versions. */
  optionalPeers?: Readonly<Record<string, string>>;
}

/** All packages have the same. */
export function projectVersion(): string {
  return readJson(path.join(ROOT, 'package.json')).version;
}

/** The package.json of a published package. Its dependencies have the versions that this project is tested with. */
export function manifestOf({
  imports,
  peers = [],
  optionalPeers = {},
  ...given
}: ManifestOptions): Record<string, unknown> {
  const { version, license } = readJson(path.join(ROOT, 'package.json'));
  const versions = declaredVersions();
  const declared = [...new Set(imports)].sort().map((name) => {
    const found = versions.get(name);
    if (found === undefined) throw new Error(`${given.name} imports ${name}, which no package.json declares`);
    return [name, found] as const;
  });
  const isPeer = ([name]: readonly [string, string]) => peers.includes(name);
  const dependencies = declared.filter((each) => !isPeer(each));
  const peerDependencies = declared.filter(isPeer).map(([name, least]) => [name, `^${least}`]);
  const optional = Object.keys(optionalPeers).map((name) => [name, { optional: true }]);
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
    ...(peers.length > 0 && { peerDependencies: { ...Object.fromEntries(peerDependencies), ...optionalPeers } }),
    ...(optional.length > 0 && { peerDependenciesMeta: Object.fromEntries(optional) }),
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
