import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ROOT } from '../helpers/command.ts';
import { lintTemplates } from '../judges/cfn/lint.ts';
import { PYTHON, runMoto, whyMissing } from '../judges/cfn/python.ts';
import { INSTALL_MS, install, outdatedRow, PHOTO, runNode, sizeOf, typeFaults } from './packages.ts';

const CLIENTS = ['@aws-sdk/client-s3', '@aws-sdk/client-dynamodb'];
const RUN_MS = 300_000;
const CDK_README = fs.readFileSync(path.join(ROOT, 'packages/cdk/published-README.md'), 'utf8');
/** The README's program that makes a stack of a file. */
const READY_STACK = [...CDK_README.matchAll(/```ts\n(.*?)```/gs)]
  .map(([, code]) => code!)
  .find((code) => code.includes('TaggingStack'))!;

let folder: string;

beforeAll(() => {
  folder = install(
    ['cdk', 'lambda-x64', 'local-stack'],
    [...CLIENTS, 'aws-cdk-lib', 'constructs', 'cdk-nag', 'jest', '@jest/globals', '@types/node'],
  );
  for (const name of ['two-functions', 'own-stack']) {
    fs.cpSync(path.join(ROOT, 'test/fixtures', name), folder, { recursive: true });
  }
  fs.copyFileSync(PHOTO, path.join(folder, 'photo.jpg'));
}, INSTALL_MS);

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test("the README's table has the sizes", () => {
  const modules = path.join(folder, 'node_modules/@tagmill');
  const sizes = (name: string) => {
    const [tarball] = fs.globSync(path.join(folder, `tagmill-${name}-*.tgz`));
    return [fs.statSync(tarball!).size / 1e6, sizeOf(path.join(modules, name)) / 1e6];
  };
  const largest = sizeOf(path.join(modules, 'lambda-x64/tag-images')) / 2 ** 20;
  expect([
    ...outdatedRow(CDK_README, '`@tagmill/cdk`', sizes('cdk')),
    ...outdatedRow(CDK_README, '`@tagmill/lambda-x64`', [...sizes('lambda-x64'), largest]),
  ]).toEqual([]);
});

test(
  "a Jest test of someone else's template of two functions passes",
  () => {
    const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--testMatch', '**/*.spec.js'];
    const { stderr, status } = runNode(folder, ...jest);
    expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringMatching(/1 passed/) });
  },
  RUN_MS,
);

test(
  'a stack with a bucket of its own and two pipelines is synthesized, and passes cdk-nag',
  () => {
    const { status, stderr } = runNode(folder, 'app.js');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { Resources } = JSON.parse(fs.readFileSync(path.join(folder, 'cdk.out/Photos.template.json'), 'utf8'));
    const types = Object.values<{ Type: string }>(Resources).map(({ Type }) => Type);
    expect(types.filter((type) => type === 'AWS::DynamoDB::Table')).toHaveLength(2);
    expect(types.filter((type) => type.startsWith('Custom::'))).toEqual([]);
  },
  RUN_MS,
);

judgedBy('cfn-lint', 'cfn-lint finds no fault in its template', () => {
  expect(lintTemplates(PYTHON, new Map([['Photos', path.join(folder, 'cdk.out')]]))).toEqual([]);
});

judgedBy('moto', 'moto deploys it, has the parts of the template, and deletes it', () => {
  const { stdout, stderr } = runMoto('deploy.py', [path.join(folder, 'cdk.out')]);
  expect({ stdout, stderr }).toMatchObject({ stdout: 'moto: a deployment: as it should be\n' });
});

// The package's functions are for Linux on x64.
(process.platform === 'linux' && process.arch === 'x64' ? test : test.skip)(
  'that stack runs on the local stack, where a photo that is dropped into the bucket is tagged',
  () => {
    const { stdout, stderr } = runNode(folder, 'run.js');
    // Node 22 says so of itself.
    expect(stderr.replace(/^.*ExperimentalWarning: SQLite .*\n.*\n/, '')).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ image: { key: 'photo.jpg' }, outcome: 'tagged' });
  },
  RUN_MS,
);

test(
  "the README's stack of a file of options is synthesized, with the outputs that commands look for",
  () => {
    fs.writeFileSync(path.join(folder, 'options.json'), '{"stackName":"Ready","latencyBudgetMs":300}');
    // As the CDK's command says where to synthesize to.
    fs.writeFileSync(path.join(folder, 'ready.ts'), `process.env.CDK_OUTDIR = 'ready';\n${READY_STACK}`);
    const { stderr } = runNode(folder, 'ready.ts');
    expect(stderr).toBe('');
    const { Outputs } = JSON.parse(fs.readFileSync(path.join(folder, 'ready/Ready.template.json'), 'utf8'));
    expect(Object.keys(Outputs)).toEqual(expect.arrayContaining(['UploadBucketName', 'TableName', 'ApiUrl']));
  },
  RUN_MS,
);

test(
  'a misspelt property of the construct is refused by the types, and by name when it is synthesized',
  () => {
    const construct = (property: string) => `new TaggingPipeline(new Stack(), 'Tags', { ${property}: 5 });`;
    const imports = "import { TaggingPipeline } from '@tagmill/cdk';\nimport { Stack } from 'aws-cdk-lib';\n";
    const program = `${READY_STACK}${imports}${construct('latencyBudgetMs')}\n${construct('latencyBudget')}`;
    const last = program.split('\n').length;
    // The CDK's own declarations take ten seconds.
    const found = typeFaults(folder, program, '--skipLibCheck');
    expect(found).toMatch(new RegExp(`^program\\.ts\\(${last},\\d+\\): error .*'latencyBudget' does not exist.*\n$`));
    const { stderr } = runNode(folder, '--input-type=module', '-e', `${imports}${construct('latencyBudget')}`);
    expect(stderr).toMatch(/^TagmillError: TaggingPipeline: unknown latencyBudget; there are: bucket, /m);
  },
  RUN_MS,
);

/** A test by a program of Python that may not be installed: then it is skipped, with what is missing in its name. */
function judgedBy(judge: Parameters<typeof whyMissing>[0], name: string, check: () => void): void {
  const reason = whyMissing(judge);
  if (reason === undefined) test(name, check, RUN_MS);
  else test.skip(`${name} (${reason})`, check);
}
