/**
 * Throws random input at all code that reads strangers' input. First come image files, each in a process of its own, then requests,
 * expressions, cursors, rules, archives and templates (`*.fuzz.test.ts`). The same to the same seed.
 *
 *   npm run fuzz -- [--inputs N] [--seed S] [--from I]
 *
 * N image files, and each of the others as many times its usual number as N is of a thousand.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = path.join(import.meta.dirname, '..');
const text = (fallback: string) => ({ type: 'string', default: fallback }) as const;
const { values } = parseArgs({ options: { inputs: text('1000'), seed: text('1'), from: text('0') } });
const { inputs, seed, from } = values;

const run = (args: readonly string[]) =>
  spawnSync(process.execPath, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, FUZZ_INPUTS: inputs, FUZZ_SEED: seed },
  }).status === 0;

const images = run(['packages/tagger/test/fuzz/fuzz.ts', '--inputs', inputs, '--seed', seed, '--from', from]);
const others = run([
  '--experimental-vm-modules',
  '--no-warnings',
  'node_modules/jest/bin/jest.js',
  String.raw`\.fuzz\.test`,
]);
process.exitCode = images && others ? 0 : 1;
