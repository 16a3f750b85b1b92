import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import path from 'node:path';

/** Which has the judges' packages: requirements.txt. */
export const PYTHON = process.env.CFN_JUDGE_PYTHON ?? 'python3';

const MODULES = { 'cfn-lint': ['cfnlint'], moto: ['moto.server', 'boto3'] } as const;

/**
 * Looks for what a judge needs.
 *
 * @returns why it can't run, or nothing if it can.
 */
export function whyMissing(judge: keyof typeof MODULES): string | undefined {
  const names = MODULES[judge].join(', ');
  if (spawnSync(PYTHON, ['-c', `import ${names}`]).status === 0) return undefined;
  return `${PYTHON} lacks one of ${names}; test/judges/cfn/requirements.txt has their versions`;
}

/** Runs a script of the folder `moto`. */
export function runMoto(script: 'judge.py' | 'deploy.py', args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(PYTHON, [path.join(import.meta.dirname, 'moto', script), ...args], {
    encoding: 'utf8',
    // No cache of compiled files beside the sources.
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
}
