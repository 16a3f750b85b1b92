import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from './command.ts';

const ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'x86_64';

export interface BundleOptions {
  /** A catalogue's folder to bundle instead of the project's. */
  models?: string | undefined;
  /** Done to the folder of the functions' bundles once they are there. */
  afterBundling?: ((functions: string) => void) | undefined;
  /** Where, unless a run of tests has a place for it. */
  scratch?: string;
}

/**
 * Bundles the functions for this machine: the project's once in all of a run of tests.
 *
 * @returns their folder.
 */
export function makeBundles({ models, afterBundling, scratch = os.tmpdir() }: BundleOptions = {}): string {
  const shared = process.env.TAGMILL_TEST_SCRATCH;
  const own = () => fs.mkdtempSync(path.join(shared ?? scratch, 'bundles-'));
  const build = () => {
    const bundles = own();
    run('infra/build-functions.ts', ['--out', bundles, ...(models === undefined ? [] : ['--models', models])]);
    return bundles;
  };
  const bundles = shared && models === undefined ? madeOnce(path.join(shared, 'bundles'), build) : build();
  if (!afterBundling) return bundles;
  const changed = own();
  fs.cpSync(bundles, changed, { recursive: true });
  afterBundling(functionsIn(changed));
  return changed;
}

/** Synthesizes a stack of bundles, with options that packages/cdk/src/options.ts describes. */
export function synthesize(outdir: string, options: object, bundles: string): void {
  const context = { tagmill: { architecture: ARCHITECTURE, ...options }, platform: process.platform, bundles };
  run('infra/app.ts', [], { CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) });
}

/** A folder that several test files need, from whichever was the first to make it. */
function madeOnce(folder: string, make: () => string): string {
  if (fs.existsSync(folder)) return folder;
  const made = make();
  try {
    fs.renameSync(made, folder);
  } catch (error) {
    if (!fs.existsSync(folder)) throw error;
  }
  return folder;
}

function functionsIn(bundles: string): string {
  return path.join(bundles, `${process.platform}-${ARCHITECTURE}`);
}

function run(script: string, args: string[], environment: NodeJS.ProcessEnv = {}): void {
  execFileSync(process.execPath, [path.join(ROOT, script), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
