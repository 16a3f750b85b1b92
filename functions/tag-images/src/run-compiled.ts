import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';

export interface Compiled<Exports> {
  exports: Exports;
  /** What became of its code cache. */
  codeCache: 'taken' | 'rejected' | 'missing';
  /** Writes down all that V8 has compiled of the script by now. */
  writeCodeCache(): void;
}

/** V8 takes no code cache that was made under other flags, and Lambda starts Node with `--expose-gc`. */
const EXTENSION = 'gc' in globalThis ? '.expose-gc.cache' : '.cache';

/**
 * Runs a CommonJS script that stands in Node's wrapper already, `(function (module, exports, require, …) {…})`, with its code cache if
 * there is one. Then V8 compiles none of the functions in the cache. A cache of another version of V8 or under other flags is left alone.
 *
 * `module.enableCompileCache` of Node would look for a folder named after Node's exact version and the user's number, neither
 * of which is known where a bundle is made.
 */
export function runCompiled<Exports>(file: string): Compiled<Exports> {
  const cache = `${file}${EXTENSION}`;
  const cachedData = fs.existsSync(cache) ? fs.readFileSync(cache) : undefined;
  const script = new vm.Script(fs.readFileSync(file, 'latin1'), { filename: file, ...(cachedData && { cachedData }) });
  const module = { exports: {} as Exports };
  script.runInThisContext()(module, module.exports, createRequire(file), file, path.dirname(file));
  const codeCache = cachedData ? (script.cachedDataRejected ? 'rejected' : 'taken') : 'missing';
  return {
    exports: module.exports,
    codeCache,
    writeCodeCache: () => fs.writeFileSync(cache, script.createCachedData()),
  };
}
