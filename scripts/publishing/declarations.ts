import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { generateDtsBundle } from 'dts-bundle-generator';
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
  await emitted();
  const [text] = generateDtsBundle(
    [
      {
        filePath: path.join(EMITTED, face.replace(/\.ts$/, '.d.ts')),
        output: { exportReferencedTypes: false, noBanner: true },
      },
    ],
    { preferredConfigPath: TSCONFIG },
  );
  fs.writeFileSync(to, text!);
  const names = [...text!.matchAll(/from ['"]((?:@[^/'"]+\/)?[^/'"]+)/g)].map(([, name]) => name!);
  return [...new Set(names)].filter((name) => !name.startsWith('node:')).sort();
}

let emission: Promise<void> | undefined;

/** The compiler's own declarations, a file for each source. The bundler finds a package of this project by a relative path only. */
function emitted(): Promise<void> {
  emission ??= (async () => {
    process.once('exit', () => fs.rmSync(EMITTED, { recursive: true, force: true }));
    const tsc = path.join(ROOT, 'node_modules/.bin/tsc');
    await promisify(execFile)(tsc, ['-p', TSCONFIG, '--outDir', EMITTED], { cwd: ROOT });
    for (const file of fs.globSync('**/*.d.ts', { cwd: EMITTED }).map((name) => path.join(EMITTED, name))) {
      fs.writeFileSync(file, withRelativeImports(fs.readFileSync(file, 'utf8'), path.dirname(file)));
    }
  })();
  return emission;
}

function withRelativeImports(text: string, folder: string): string {
  const ofPackages = text.replaceAll(/(?<=(?:from |import\()['"])@tagmill\/[^'"]+/g, (specifier) => {
    const source = fileURLToPath(import.meta.resolve(specifier));
    const relative = path.relative(folder, path.join(EMITTED, path.relative(ROOT, source)));
    return relative.startsWith('.') ? relative : `./${relative}`;
  });
  return ofPackages.replaceAll(/(?<=(?:from |import\()['"]\.[^'"]+)\.ts(?=['"])/g, '.js');
}
