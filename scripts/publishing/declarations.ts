import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Plugin, rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { ROOT } from './bundle.ts';

const TSCONFIG = path.join(import.meta.dirname, 'tsconfig.json');
/** Of this run alone: two don't disturb each other. */
const EMITTED = path.join(ROOT, `build/declarations-${process.pid}`);

/**
 * Writes what a file exports as one declaration file: types of this project inside, packages of others imported.
 *
 * @returns the packages that it imports types from.
 */
export async function writeDeclarations(face: string, to: string): Promise<string[]> {
  await emitAll();
  const bundle = await rollup({ input: findEmitted(path.join(ROOT, face)), plugins: [resolveEmitted, dts()] });
  const { output } = await bundle.write({ file: to, format: 'es' });
  await bundle.close();
  const names = output[0].imports.map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)![0]);
  return [...new Set(names)].filter((name) => !name.startsWith('node:')).sort();
}

let emission: Promise<void> | undefined;

/** Writes the compiler's own declarations, a file for each source. */
function emitAll(): Promise<void> {
  emission ??= (async () => {
    process.once('exit', () => fs.rmSync(EMITTED, { recursive: true, force: true }));
    const tsc = path.join(ROOT, 'node_modules/.bin/tsc');
    await promisify(execFile)(tsc, ['-p', TSCONFIG, '--outDir', EMITTED], { cwd: ROOT });
  })();
  return emission;
}

/** Finds the declarations of this project's sources among those; packages of others stay outside. */
const resolveEmitted: Plugin = {
  name: 'resolve-emitted',
  resolveId(specifier, importer) {
    if (path.isAbsolute(specifier)) return specifier;
    if (importer !== undefined && specifier.startsWith('.')) {
      return path.resolve(path.dirname(importer), specifier.replace(/\.ts$/, '.d.ts'));
    }
    const isOwn = specifier.startsWith('@tagmill/');
    return isOwn ? findEmitted(fileURLToPath(import.meta.resolve(specifier))) : { id: specifier, external: true };
  },
};

function findEmitted(source: string): string {
  return path.join(EMITTED, path.relative(ROOT, source).replace(/\.ts$/, '.d.ts'));
}
