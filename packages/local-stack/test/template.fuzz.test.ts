import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fuzzing } from '../../../test/helpers/fuzz.ts';
import { LocalStackError } from '../src/errors.ts';
import { resolveIntrinsics } from '../src/intrinsics.ts';
import { creationOrder } from '../src/order.ts';
import { isEmulated, parseProperties } from '../src/resource-schemas.ts';
import { readStack } from '../src/template.ts';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'template-fuzz-'));
  const artifacts = { Stack: { type: 'aws:cloudformation:stack', properties: { templateFile: 'template.json' } } };
  fs.writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify({ artifacts }));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const scope = { parameters: new Map([['AWS::Region', 'us-east-1']]), resources: new Map() };
const names = fc.constantFrom(
  'Ref',
  'Fn::Join',
  'Fn::Select',
  'Fn::Sub',
  'Fn::Split',
  'Fn::GetAtt',
  'Fn::If',
  'Condition',
  'constructor',
  '__proto__',
  'toString',
);

/** What a template may say anywhere, intrinsic functions of anything among it. */
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom('AWS::Region', '${AWS::Region}', '${toString}', '${!x}', 'A.Arn', ',', 0, -1),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .tuple(names, tie('value'))
      .map(([name, inner]) => JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(inner ?? null)}}`)),
  ),
}));
const resource = fc.record(
  {
    Type: fc.oneof(
      fc.constantFrom(
        'AWS::SQS::Queue',
        'AWS::S3::Bucket',
        'AWS::DynamoDB::Table',
        'AWS::Lambda::Function',
        'AWS::Lambda::Url',
      ),
      fc.constantFrom('AWS::IAM::Role', 'constructor', 'toString', '__proto__', ''),
      fc.string(),
    ),
    Properties: fc.oneof(
      value,
      fc.dictionary(
        fc.constantFrom('QueueName', 'RedrivePolicy', 'BucketName', 'Handler', 'Code', 'Timeout', 'KeySchema'),
        value,
      ),
    ),
    DependsOn: fc.oneof(
      fc.constantFrom('A', 'B', 'none'),
      fc.array(fc.constantFrom('A', 'B'), { maxLength: 2 }),
      value,
    ),
  },
  { requiredKeys: [] },
);
const template = fc
  .oneof(
    fc.record(
      { Resources: fc.dictionary(fc.constantFrom('A', 'B', 'C'), resource), Outputs: value },
      { requiredKeys: ['Resources'] },
    ),
    value,
  )
  .map((each) => JSON.stringify(each) ?? '');
const text = fc.oneof(
  template,
  fc.tuple(template, fc.nat()).map(([whole, length]) => whole.slice(0, length % (whole.length + 1))),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

/** All that is done with a template before anything is started. */
async function read(): Promise<void> {
  const {
    template: { Resources, Outputs },
  } = await readStack(folder);
  for (const id of creationOrder(Resources)) {
    const { Type, Properties } = Resources[id]!;
    if (isEmulated(Type, id)) parseProperties(Type, id, resolveIntrinsics(Properties, scope));
  }
  resolveIntrinsics(Outputs, scope);
}

const resources = (A: object) => JSON.stringify({ Resources: { A } });

test.each([
  ['what no function takes', resources({ Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Join': 7 } } })],
  ['a type that is called as every object’s own are', resources({ Type: 'constructor' })],
  ['a dependency that is called so', resources({ Type: 'toString', DependsOn: 'toString' })],
  [
    'more depth than anyone writes',
    `{"Resources":{},"Outputs":{"A":{"Value":${'['.repeat(50_000)}${']'.repeat(50_000)}}}}`,
  ],
  ['more bytes than anyone writes', ' '.repeat(17 * 2 ** 20)],
])('a template with %s is refused', async (_, given) => {
  fs.writeFileSync(path.join(folder, 'template.json'), given);
  await expect(read()).rejects.toBeInstanceOf(LocalStackError);
});

test('what is called as every object’s own are is no function', () => {
  const text = '{"a":{"constructor":"b"},"c":{"toString":1},"d":{"__proto__":2}}';
  expect(JSON.stringify(resolveIntrinsics(JSON.parse(text), scope))).toBe(text);
});

test('any template is understood, or refused in a line', async () => {
  await fc.assert(
    fc.asyncProperty(text, async (given) => {
      fs.writeFileSync(path.join(folder, 'template.json'), given);
      await read().catch((error) => {
        if (!(error instanceof LocalStackError)) throw error;
        expect(['unsupported-resource', 'not-found', 'invalid-argument']).toContain(error.code);
      });
    }),
    fuzzing(500),
  );
}, 600_000);
