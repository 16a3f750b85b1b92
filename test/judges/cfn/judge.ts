/**
 * Has others judge the synthesized template, with several sets of options: cfn-lint reads it, moto's server creates, updates and deletes
 * it, and `tagmill destroy` takes it down there. A judge that isn't installed is skipped by its name.
 *
 *   CFN_JUDGE_PYTHON=/path/to/python npm run judge:cfn      its packages: requirements.txt
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compareCreateOnly, lintTemplates } from './lint.ts';
import { PYTHON, runMoto, whyMissing } from './python.ts';
import { synthesizeSets } from './synthesize.ts';

const TAGMILL = [process.execPath, path.join(import.meta.dirname, '../../../packages/cli/bin/tagmill.js')];

const JUDGES = { 'cfn-lint': judgeByLint, moto: judgeByMoto } as const;

const installed = (Object.keys(JUDGES) as (keyof typeof JUDGES)[]).filter((name) => {
  const reason = whyMissing(name);
  if (reason !== undefined) print(`judge:cfn: ${name} skipped: ${reason}`);
  return reason === undefined;
});
if (installed.length > 0) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'judge-cfn-'));
  try {
    const assemblies = synthesizeSets(folder);
    const verdicts = installed.map((name) => JUDGES[name](assemblies));
    if (verdicts.includes(false)) process.exitCode = 1;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function judgeByLint(assemblies: Map<string, string>): boolean {
  const faults = [...lintTemplates(PYTHON, assemblies), ...compareCreateOnly(PYTHON)];
  for (const fault of faults) print(`cfn-lint: ${fault}`);
  print(`cfn-lint: ${assemblies.size} templates, ${faults.length} faults`);
  return faults.length === 0;
}

function judgeByMoto(assemblies: Map<string, string>): boolean {
  const { status, stdout, stderr } = runMoto('judge.py', [
    JSON.stringify(Object.fromEntries(assemblies)),
    JSON.stringify(TAGMILL),
  ]);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  return status === 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
