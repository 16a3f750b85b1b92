/**
 * Has others judge the synthesized template, with several sets of options: cfn-lint reads it, moto's server creates, updates and deletes
 * it, and `tagmill destroy` takes it down there. A judge that isn't installed is skipped by its name.
 *
 *   CFN_JUDGE_PYTHON=/path/to/python npm run judge:cfn      its packages: requirements.txt
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compareCreateOnly, lintTemplates } from './lint.ts';
import { synthesizeSets } from './synthesize.ts';

const HERE = import.meta.dirname;
const TAGMILL = [process.execPath, path.join(HERE, '../../../packages/cli/bin/tagmill.js')];
const python = process.env.CFN_JUDGE_PYTHON ?? 'python3';

const JUDGES: Readonly<Record<string, { modules: string[]; judge: (assemblies: Map<string, string>) => boolean }>> = {
  'cfn-lint': { modules: ['cfnlint'], judge: judgeByLint },
  moto: { modules: ['moto.server', 'boto3'], judge: judgeByMoto },
};

const installed = Object.entries(JUDGES).filter(([name, { modules }]) => {
  const { status } = spawnSync(python, ['-c', `import ${modules.join(', ')}`]);
  if (status !== 0)
    print(`judge:cfn: ${name} skipped: ${python} lacks one of ${modules.join(', ')} (requirements.txt)`);
  return status === 0;
});
if (installed.length > 0) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'judge-cfn-'));
  try {
    const assemblies = synthesizeSets(folder);
    const verdicts = installed.map(([, { judge }]) => judge(assemblies));
    if (verdicts.includes(false)) process.exitCode = 1;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function judgeByLint(assemblies: Map<string, string>): boolean {
  const faults = [...lintTemplates(python, assemblies), ...compareCreateOnly(python)];
  for (const fault of faults) print(`cfn-lint: ${fault}`);
  print(`cfn-lint: ${assemblies.size} templates, ${faults.length} faults`);
  return faults.length === 0;
}

function judgeByMoto(assemblies: Map<string, string>): boolean {
  const script = path.join(HERE, 'moto/judge.py');
  const args = [JSON.stringify(Object.fromEntries(assemblies)), JSON.stringify(TAGMILL)];
  // No cache of compiled files beside the sources.
  const environment = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  const { status } = spawnSync(python, [script, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: environment,
  });
  return status === 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
