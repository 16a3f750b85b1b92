import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const ROOT = path.join(import.meta.dirname, '../..');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'app-'));
const bundles = path.join(scratch, 'bundles');

/** Runs the app as `npm run synth` and `tagmill up` do. */
function synthesize(context: object, stackName = 'Tagmill') {
  const outdir = fs.mkdtempSync(path.join(scratch, 'assembly-'));
  const { status, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'infra/app.ts')], {
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify({ bundles, ...context }) },
  });
  const template = path.join(outdir, `${stackName}.template.json`);
  return { status, stderr, template: fs.existsSync(template) ? fs.readFileSync(template, 'utf8') : undefined };
}

beforeAll(() => {
  for (const name of ['tag-images', 'query-tags', 'reconcile', 'enqueue-backfill']) {
    const directory = path.join(bundles, 'linux-x86_64', name);
    fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(path.join(directory, 'index.mjs'), 'export const handler = async () => ({});');
  }
  const models = path.join(bundles, 'linux-x86_64/tag-images/models');
  fs.mkdirSync(models);
  fs.copyFileSync(path.join(ROOT, 'models/catalogue.json'), path.join(models, 'catalogue.json'));
});

afterAll(() => fs.rmSync(scratch, { recursive: true }));

describe('synthesizing', () => {
  test('writes a template for any account and region, with the options of the context', () => {
    const { status, stderr, template } = synthesize({ tagmill: { memoryMb: 2345 } });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(template).toContain('"MemorySize": 2345');
    expect(template).not.toMatch(/dummy|us-east-1/);
  });

  test('takes the options as the CDK’s command passes them, as text', () => {
    expect(synthesize({ tagmill: '{"memoryMb":2345}' }).template).toContain('"MemorySize": 2345');
  });

  test('names the stack as the option says, so that an account and region can have several', () => {
    const { status, stderr, template } = synthesize({ tagmill: { stackName: 'Holiday-Photos' } }, 'Holiday-Photos');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(template).toContain('tagmill/Holiday-Photos');
  });

  test('lays 120 budget rules beside the code, in the asset that is uploaded', () => {
    const budgetRules = Array.from({ length: 120 }, (_, i) => ({
      prefix: `customers/${i}/urgent/`,
      latencyMs: 50 + i,
    }));
    const { status, template } = synthesize({ tagmill: { budgetRules } });
    expect(status).toBe(0);
    expect(template).not.toContain('customers/');
    expect(template).toContain('"BUDGET_RULES_FILE": "budget-rules.json"');
    const files = fs.globSync(path.join(scratch, 'assembly-*/asset.*/budget-rules.json'));
    expect(files.map((file) => JSON.parse(fs.readFileSync(file, 'utf8')))).toEqual([budgetRules]);
    expect(fs.existsSync(path.join(path.dirname(files[0]!), 'index.mjs'))).toBe(true);
  });

  test.each<[string, object, RegExp]>([
    [
      'a target that no bundle was built for, and how to build it',
      { tagmill: { architecture: 'arm64' } },
      /^No bundle of tag-images for linux arm64: npm run build:functions -- --platform linux --architecture arm64\n$/,
    ],
    ['a variant that isn’t bundled', { tagmill: { variant: 'everyday/9-9' } }, /^Unknown variant.*there are: everyday/],
    [
      'an unknown option',
      { tagmill: { memory: 1 } },
      /^Stack options: unknown memory; there are: stackName, architecture, .*\n$/,
    ],
    [
      'a prefix with a wildcard',
      { tagmill: { prefix: 'a*/' } },
      /^Stack options: prefix: may not hold \*, which .*\n$/,
    ],
    ['options that aren’t inside tagmill', { memoryMb: 2345 }, /^Unknown context memoryMb; there are: tagmill, /],
  ])('ends in one line that names %s', (_, context, line) => {
    const { status, stderr, template } = synthesize(context);
    expect({ status, template }).toEqual({ status: 1, template: undefined });
    expect(stderr).toMatch(line);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
