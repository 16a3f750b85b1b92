import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { TagmillError } from '@tagmill/core';
import type { StackOptions } from '@tagmill/infra/options';
import { PROJECT_MODELS, PROJECT_ROOT, USER_MODELS } from './catalogues.ts';

export interface SynthesizeOptions {
  tagmill: StackOptions;
  /** The user catalogue's folder. */
  models?: string | undefined;
}

/**
 * Bundles the functions for this machine and synthesizes the stack, in a folder of this run's own: two stacks don't disturb each
 * other.
 *
 * @returns the folder of the assembly.
 * @throws {TagmillError} `invalid-argument` with what was wrong.
 */
export async function synthesizeStack(scratch: string, { tagmill, models }: SynthesizeOptions): Promise<string> {
  const bundles = path.join(scratch, 'bundles');
  const outdir = path.join(scratch, 'cdk.out');
  const own = models ?? USER_MODELS;
  const hasOwn = models !== undefined || fs.existsSync(path.join(own, 'catalogue.json'));
  const folders = hasOwn ? [PROJECT_MODELS, own] : [PROJECT_MODELS];
  await runScript('infra/build-functions.ts', [
    ...['--out', bundles, '--any-size'],
    ...folders.flatMap((folder) => ['--models', folder]),
    ...['--family', familyOf(tagmill)],
  ]);
  await runScript('infra/app.ts', [], {
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({ tagmill, platform: process.platform, bundles }),
  });
  return outdir;
}

function familyOf({ family, variant }: StackOptions): string {
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
