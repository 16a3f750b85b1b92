import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { StackOptions } from '@tagmill/cdk/options';
import { TagmillError } from '@tagmill/core';
import { xdgCache } from 'xdg-basedir';
import { USER_MODELS } from '../models/catalogues.ts';
import { PROJECT_MODELS, PROJECT_ROOT } from '../places.ts';
import { assemble } from './assembly-cache.ts';
import { fingerprint } from './fingerprint.ts';

export interface SynthesizeOptions {
  tagmill: StackOptions;
  /** The user catalogue's folder. */
  models?: string | undefined;
  /** Told what takes long. */
  log: (line: string) => void;
}

/** Of the project: all that bundles and template are made of, besides installed packages. */
const SOURCES = ['*.json', 'infra/*', '{functions,packages}/*/*'];

/** Of the environment: what may change what they become. */
const HEEDED = /^(CDK|ESBUILD|NODE)_/;

const CACHE = path.join(xdgCache ?? path.join(os.homedir(), '.cache'), 'tagmill/assemblies');

/**
 * Bundles the functions for this machine and synthesizes the stack, unless an earlier start did it with the same sources, packages, models
 * and options. The assembly is in a folder of this run's own: two stacks don't disturb each other.
 *
 * @returns the folder of the assembly.
 * @throws {TagmillError} `invalid-argument` with what was wrong.
 */
export async function synthesizeStack(scratch: string, { tagmill, models, log }: SynthesizeOptions): Promise<string> {
  const outdir = path.join(scratch, 'cdk.out');
  const own = path.resolve(models ?? USER_MODELS);
  const hasOwn = models !== undefined || fs.existsSync(path.join(own, 'catalogue.json'));
  const folders = hasOwn ? [PROJECT_MODELS, own] : [PROJECT_MODELS];
  const { platform, arch, version, env } = process;
  const environment = Object.entries(env).filter(([name]) => HEEDED.test(name));
  const others = { tagmill, platform, arch, version, environment, folders: folders.length };
  await assemble(outdir, {
    cache: CACHE,
    key: () => fingerprint(PROJECT_ROOT, { contents: [...sources(), ...folders], packages: ['node_modules'], others }),
    make: async () => {
      log('Bundling the functions and synthesizing the stack, which the next start need not do …');
      await make({ outdir, bundles: path.join(scratch, 'bundles'), folders, tagmill });
    },
    onUnkept: ({ message }) => log(`The bundles can't be kept for the next start: ${message}`),
  });
  return outdir;
}

function sources(): string[] {
  const files = fs.globSync(SOURCES, { cwd: PROJECT_ROOT });
  return files.filter((file) => path.basename(file) !== 'test').sort();
}

interface Making {
  outdir: string;
  bundles: string;
  folders: readonly string[];
  tagmill: StackOptions;
}

async function make({ outdir, bundles, folders, tagmill }: Making): Promise<void> {
  await runScript('infra/build-functions.ts', [
    ...['--out', bundles, '--any-size'],
    ...folders.flatMap((folder) => ['--models', folder]),
    ...['--family', chooseFamily(tagmill)],
  ]);
  await runScript('infra/app.ts', [], {
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({ tagmill, platform: process.platform, bundles }),
  });
}

function chooseFamily({ family, variant }: StackOptions): string {
  return variant === undefined ? family : variant.split('/')[0]!;
}

/** Ends so when it is used wrongly. */
async function runScript(script: string, args: string[], environment: NodeJS.ProcessEnv = {}): Promise<void> {
  const options = { cwd: PROJECT_ROOT, env: { ...process.env, ...environment } };
  try {
    await promisify(execFile)(process.execPath, [path.join(PROJECT_ROOT, script), ...args], options);
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    throw new TagmillError('invalid-argument', stderr.trim() || `${script} failed`, { cause });
  }
}
