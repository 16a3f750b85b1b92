import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { CREATE_ONLY } from '../../../infra/test/create-only.ts';

/** What cfn-lint warns of and stays, by rule, with the reason. */
const EXPLAINED: Readonly<Record<string, string>> = {
  W3005:
    'the CDK waits for a role together with its policies, by DependsOn; that the role alone is waited for anyway does no harm',
};

interface Finding {
  Filename: string;
  Rule: { Id: string };
  Message: string;
  Location: { Path: string[] | null };
}

/**
 * Has cfn-lint read all templates.
 *
 * @returns faults, a line each: what it finds and isn't explained, and explanations of what it no longer finds.
 */
export function lintTemplates(python: string, assemblies: ReadonlyMap<string, string>): string[] {
  const templates = [...assemblies.values()].flatMap((folder) => fs.globSync(`${folder}/*.template.json`));
  const script = 'import sys; from cfnlint.runner import main; sys.argv[0] = "cfn-lint"; main()';
  const { stdout, stderr } = spawnSync(python, ['-c', script, '--format', 'json', ...templates], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const findings: Finding[] = readJson(stdout, stderr);
  const unexplained = findings
    .filter(({ Rule }) => !(Rule.Id in EXPLAINED))
    .map(({ Rule, Filename, Location, Message }) => `${Rule.Id} ${Filename} ${Location.Path?.join('/')}: ${Message}`);
  const stale = Object.keys(EXPLAINED)
    .filter((id) => !findings.some(({ Rule }) => Rule.Id === id))
    .map((id) => `${id} is explained, and no longer found: take it off the list`);
  return [...unexplained, ...stale];
}

/** Its exit code says only how bad the worst is. */
function readJson(stdout: string, stderr: string) {
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    throw new Error(`cfn-lint printed no JSON: ${stderr}`, { cause });
  }
}

/**
 * Compares what the tests take to be create-only with AWS's resource schemas, of which cfn-lint has a copy.
 *
 * @returns faults, a line each.
 */
export function compareCreateOnly(python: string): string[] {
  const script = path.join(import.meta.dirname, 'create-only.py');
  const { stdout, stderr } = spawnSync(python, [script], {
    encoding: 'utf8',
    input: JSON.stringify(Object.keys(CREATE_ONLY)),
  });
  const schemas: typeof CREATE_ONLY = readJson(stdout, stderr);
  return Object.entries(schemas)
    .filter(([type, names]) => !isDeepStrictEqual(names, CREATE_ONLY[type]))
    .map(([type, names]) => `infra/test/create-only.ts: of ${type} these are create-only: ${names.join(', ')}`);
}
