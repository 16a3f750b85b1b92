import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { TagmillError } from '@tagmill/core';

/** V8 takes a code cache only under the flags that it was made under: without any, as here, and as Lambda starts Node. */
const FLAGS: readonly string[][] = [[], ['--expose-gc']];

/**
 * Makes the code caches of tag-images' bundle: has it tag an image, in a process of its own, and writes down what V8 compiled
 * for that.
 *
 * @throws {TagmillError} `internal` if the bundle doesn't tag it.
 */
export function cacheCode(directory: string): void {
  for (const flags of FLAGS) {
    const script = path.join(import.meta.dirname, 'write-code-cache.ts');
    const { status, stderr } = spawnSync(process.execPath, [...flags, script, directory], { encoding: 'utf8' });
    if (status !== 0) throw new TagmillError('internal', `${directory} does not run: ${stderr}`);
  }
}
