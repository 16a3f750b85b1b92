/**
 * Runs the benchmarks of test/benchmarks one after another: all, or those that are named. Exits 1 if a bound is missed.
 *
 *   npm run bench [-- NAME… [--OPTION VALUE…]]: each says which options it has
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** What benchmarks have in common. */
const SHARED = ['harness', 'recall', 'shipped-model'];

const directory = path.join(import.meta.dirname, '../test/benchmarks');
const known = fs
  .readdirSync(directory)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => path.basename(file, '.ts'))
  .filter((name) => !SHARED.includes(name));

const given = process.argv.slice(2);
const firstOption = given.findIndex((each) => each.startsWith('--'));
const [named, options] = firstOption < 0 ? [given, []] : [given.slice(0, firstOption), given.slice(firstOption)];
const unknown = named.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`Unknown benchmark ${unknown.join(', ')}; there are: ${known.join(', ')}\n`);
  process.exit(2);
}

let missed = false;
for (const name of named.length > 0 ? named : known) {
  const { status } = spawnSync(process.execPath, [path.join(directory, `${name}.ts`), ...options], {
    stdio: 'inherit',
  });
  missed ||= status !== 0;
}
process.exitCode = missed ? 1 : 0;
