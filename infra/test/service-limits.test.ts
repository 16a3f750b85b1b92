import { describe, expect, test } from '@jest/globals';
import { parseStackOptions } from '@tagmill/cdk/options';
import { SERVICE_LIMITS } from '@tagmill/cdk/service-limits';
import { type Json, list, propertiesOf, templateOf } from './stacks.ts';

type Limit = keyof typeof SERVICE_LIMITS;

const topicArn = (name: string) => `arn:aws:sns:eu-west-1:123456789012:${name}`;
const backslashes = (count: number) => '\\'.repeat(count);
const thousandRules = Array.from({ length: 1000 }, (_, i) => ({ prefix: `customers/${i}/urgent/`, latencyMs: 50 }));

/** Limits that only the synthesized template shows. */
const OF_TEMPLATES: readonly Limit[] = ['eventPatternCharacters', 'functionEnvironmentBytes'];

/** Of each limit, options that reach it, and those that go beyond, with what is said of them. */
const CASES: Record<Limit, { reaches: readonly Json[]; exceeds: readonly [Json, RegExp][] }> = {
  stackNameCharacters: {
    reaches: [{ stackName: 'S'.repeat(69) }],
    exceeds: [[{ stackName: 'S'.repeat(70) }, /stackName: .*69/]],
  },
  bucketNameCharacters: {
    reaches: [
      { uploadBucketName: 'abc' },
      { uploadBucketName: 'b'.repeat(63) },
      // 12 digits of the account, 15 of the longest region.
      { uploadBucketName: `${'b'.repeat(34)}-{account}-{region}` },
    ],
    exceeds: [
      [{ uploadBucketName: 'ab' }, /uploadBucketName: is no name/],
      [{ uploadBucketName: 'b'.repeat(64) }, /uploadBucketName: is no name, or too long/],
      [
        { uploadBucketName: `${'b'.repeat(35)}-{account}-{region}` },
        /uploadBucketName: .*b-123456789012-us-isof-south-1 at its longest/,
      ],
      [{ existingBucketName: 'b'.repeat(64) }, /existingBucketName/],
      [{ inventoryBucketName: 'b'.repeat(64) }, /inventoryBucketName/],
    ],
  },
  tableNameCharacters: {
    reaches: [{ tableName: 'abc' }, { tableName: 't'.repeat(255) }],
    exceeds: [
      [{ tableName: 'ab' }, /tableName/],
      [{ tableName: `${'t'.repeat(244)}{account}` }, /tableName/],
    ],
  },
  objectKeyBytes: {
    reaches: [
      { prefix: 'p'.repeat(1020), suffix: '.jpg' },
      { budgetRules: [{ prefix: 'p'.repeat(1024), latencyMs: 1 }] },
    ],
    exceeds: [
      [{ prefix: 'p'.repeat(1021), suffix: '.jpg' }, /suffix: .*1024 bytes/],
      [{ prefix: 'ü'.repeat(150), suffix: 'x'.repeat(800) }, /suffix: .*1024 bytes/],
      [{ budgetRules: [{ prefix: 'p'.repeat(1025), latencyMs: 1 }] }, /budgetRules\.0\.prefix/],
    ],
  },
  filterRuleCharacters: {
    reaches: [{ prefix: `${'='.repeat(341)}/` }],
    exceeds: [[{ prefix: '='.repeat(342) }, /prefix: .*1024 characters/]],
  },
  eventPatternCharacters: {
    reaches: [{ existingBucketName: 'photos', prefix: backslashes(300) }],
    exceeds: [
      [{ existingBucketName: 'photos', prefix: backslashes(341), suffix: backslashes(200) }, /EventBridge takes 2048/],
    ],
  },
  functionMemoryMb: { reaches: [{ memoryMb: 10_240 }], exceeds: [[{ memoryMb: 10_241 }, /memoryMb/]] },
  functionTimeoutSeconds: {
    reaches: [{ timeoutSeconds: 1 }, { timeoutSeconds: 900 }],
    exceeds: [
      [{ timeoutSeconds: 0 }, /timeoutSeconds/],
      [{ timeoutSeconds: 901 }, /timeoutSeconds/],
    ],
  },
  functionEnvironmentBytes: {
    reaches: [{ prefix: '"'.repeat(341), suffix: '"'.repeat(341) }, { budgetRules: thousandRules }],
    // Far below, but for the names and URLs that are known only when it is deployed.
    exceeds: [[{ family: 'f'.repeat(3300) }, /Tagging\/TagImages\/Function may have \d+ bytes, and Lambda takes 4096/]],
  },
  batchSize: {
    reaches: [{ batchSize: 1 }, { batchSize: 1000, batchWindowSeconds: 1 }],
    exceeds: [
      [{ batchSize: 0 }, /batchSize/],
      // Ours: no function tags more within its time.
      [{ batchSize: 1001, batchWindowSeconds: 1 }, /batchSize/],
    ],
  },
  batchSizeWithoutWindow: {
    reaches: [{ batchSize: 10 }],
    exceeds: [[{ batchSize: 11 }, /batchWindowSeconds: .*more than 10/]],
  },
  batchWindowSeconds: {
    reaches: [{ batchWindowSeconds: 300 }],
    exceeds: [
      [{ batchWindowSeconds: 301 }, /batchWindowSeconds/],
      [{ batchWindowSeconds: -1 }, /batchWindowSeconds/],
    ],
  },
  eventSourceConcurrency: {
    reaches: [
      { maxConcurrency: 2, backfillMaxConcurrency: 2 },
      { maxConcurrency: 1000, backfillMaxConcurrency: 1000 },
    ],
    exceeds: [
      [{ maxConcurrency: 1 }, /maxConcurrency/],
      [{ maxConcurrency: 1001 }, /maxConcurrency/],
      [{ backfillMaxConcurrency: 1001 }, /backfillMaxConcurrency/],
    ],
  },
  visibilityTimeoutSeconds: {
    reaches: [{ visibilityTimeoutSeconds: 43_200 }],
    exceeds: [[{ visibilityTimeoutSeconds: 43_201 }, /visibilityTimeoutSeconds/]],
  },
  maxReceiveCount: {
    reaches: [{ maxReceiveCount: 1000 }],
    exceeds: [[{ maxReceiveCount: 1001 }, /maxReceiveCount/]],
  },
  topicNameCharacters: {
    reaches: [{ alarmTopicArn: topicArn('t'.repeat(256)) }],
    exceeds: [
      [{ alarmTopicArn: topicArn('') }, /alarmTopicArn/],
      [{ alarmTopicArn: topicArn('t'.repeat(257)) }, /alarmTopicArn/],
    ],
  },
};

describe.each(Object.entries(CASES))('%s', (limit, { reaches, exceeds }) => {
  const use = OF_TEMPLATES.includes(limit as Limit) ? templateOf : parseStackOptions;

  test('may be reached', () => {
    for (const options of reaches) expect(() => use(options)).not.toThrow();
  });

  test('may not be exceeded', () => {
    for (const [options, fault] of exceeds) expect(() => use(options)).toThrow(fault);
  });
});

test('each limit names where it was read', () => {
  for (const { source } of Object.values(SERVICE_LIMITS)) expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
});

test.each(['a*b', 'a?b', 'a${b}', '${', '\ud800'])(
  'a prefix or suffix may not hold what policies read otherwise: %j',
  (text) => {
    expect(() => parseStackOptions({ prefix: text })).toThrow(/prefix/);
    expect(() => parseStackOptions({ suffix: text })).toThrow(/suffix/);
  },
);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, without white space. */
const ROLE_POLICY_CHARACTERS = 10_240;
/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const TEMPLATE_BYTES = 2 ** 20;

test('with the longest options, policies and template are far from too large', () => {
  const template = templateOf({
    stackName: 'S'.repeat(69),
    existingBucketName: 'b'.repeat(63),
    inventoryBucketName: 'i'.repeat(63),
    prefix: 'p'.repeat(1000),
    suffix: 's'.repeat(24),
    tableName: 't'.repeat(255),
    alarmTopicArn: topicArn('t'.repeat(256)),
    existingBucketKeyArn: `arn:aws:kms:${'r'.repeat(15)}:123456789012:key/${'k'.repeat(36)}`,
    budgetRules: thousandRules,
  });
  expect(JSON.stringify(template.toJSON()).length).toBeLessThan(TEMPLATE_BYTES / 2);
  const byRole = new Map<string, number>();
  for (const { Roles, PolicyDocument } of propertiesOf(template, 'AWS::IAM::Policy')) {
    const role = list(Roles.map((each: Json) => each.Ref)).join();
    byRole.set(role, (byRole.get(role) ?? 0) + JSON.stringify(PolicyDocument).length);
  }
  expect(Math.max(...byRole.values())).toBeLessThan(ROLE_POLICY_CHARACTERS / 2);
});
