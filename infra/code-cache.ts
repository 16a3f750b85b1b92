import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { TagmillError } from '@tagmill/core';

/** V8 takes a code cache only under the flags that it was made under: without any, as here, and as Lambda starts Node. */
const FLAGS: readonly string[][] = [[], ['--expose-gc']];

/**
 * Makes the code caches of tag-images' bundle: has it tag an image, in a process of its own, and writes down what V8 compiled
 * for that.
 *
 * @throws {TagmillError} `internal` if the bundle doesn't tag it.
 */
export async function cacheCode(directory: string): Promise<void> {
  const script = path.join(import.meta.dirname, 'write-code-cache.ts');
  const run = promisify(execFile);
  const runs = await Promise.allSettled(FLAGS.map((flags) => run(process.execPath, [...flags, script, directory])));
  const failure = runs.find((each) => each.status === 'rejected');
  if (failure) {
    const cause = failure.reason;
    const { stderr } = cause as { stderr: string };
    throw new TagmillError('internal', `${path.basename(directory)} does not run: ${causeIn(stderr)}`, { cause });
  }
}

/** Of what Node writes when it ends with an error: the error, not the place in a bundle. */
function causeIn(stderr: string): string {
  const lines = stderr.split('\n');
  return (
    lines.find((line) => /^(Uncaught )?\w*Error\b.*:/.test(line)) ??
    lines.find((line) => line.trim()) ??
    'no reason is known'
  );
}
