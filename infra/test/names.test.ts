import { describe, expect, test } from '@jest/globals';
import { isBucketName, nameAtItsLongest } from '@tagmill/cdk/names';
import { LONGEST } from '@tagmill/cdk/service-limits';
import type { Template } from 'aws-cdk-lib/assertions';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { type Json, propertiesOf, templateOf } from './stacks.ts';

describe('a bucket’s name', () => {
  test.each(['abc', 'family-photos', 'a.b.c', '2026', 'a--b', 'x'.repeat(63)])('may be %s', (name) => {
    expect(isBucketName(name)).toBe(true);
  });

  test.each([
    'ab',
    'x'.repeat(64),
    'Photos',
    'a_b',
    '-a1',
    'a1-',
    'a..b',
    'a.-b',
    '192.168.5.4',
    'xn--abc',
    'sthree-abc',
    'amzn-s3-demo-abc',
    'abc-s3alias',
    'abc--ol-s3',
    'abc.mrap',
    'abc--x-s3',
    'abc--table-s3',
  ])('may not be %s', (name) => {
    expect(isBucketName(name)).toBe(false);
  });
});

test('the longest region’s name is as long as the longest that the CDK knows', () => {
  const lengths = RegionInfo.regions.map(({ name }) => name.length);
  expect(LONGEST.region).toHaveLength(Math.max(...lengths));
  expect(nameAtItsLongest('p-{account}-{region}')).toBe(`p-123456789012-${LONGEST.region}`);
});

describe('bucket and table', () => {
  const namesIn = (options: Json) => {
    const template = templateOf(options);
    return {
      buckets: propertiesOf(template, 'AWS::S3::Bucket').map(({ BucketName }) => BucketName),
      tables: propertiesOf(template, 'AWS::DynamoDB::Table').map(({ TableName }) => TableName),
    };
  };

  test('are named by CloudFormation', () => {
    expect(namesIn({})).toEqual({ buckets: [undefined, undefined], tables: [undefined] });
  });

  test('are named as the options say, with account and region put in', () => {
    const options = { uploadBucketName: 'photos-{account}-{region}', tableName: 'Tags-{region}' };
    const { buckets, tables } = namesIn(options);
    expect(buckets).toEqual([
      { 'Fn::Join': ['', ['photos-', { Ref: 'AWS::AccountId' }, '-', { Ref: 'AWS::Region' }]] },
      undefined,
    ]);
    expect(tables).toEqual([{ 'Fn::Join': ['', ['Tags-', { Ref: 'AWS::Region' }]] }]);
  });
});

describe('two stacks in one account and region', () => {
  /** What a template names itself, by type: two of the same name can't be there. */
  const namesIn = (template: Template) =>
    Object.values(template.toJSON().Resources as Record<string, Json>).flatMap(({ Type, Properties = {} }) => {
      const name = Properties[`${Type.split('::').at(-1)}Name`] ?? Properties.Name;
      // A policy's is its role's own affair.
      return name === undefined || Type === 'AWS::IAM::Policy' ? [] : [`${Type} ${JSON.stringify(name)}`];
    });
  const [first, second] = [templateOf(), templateOf({ stackName: 'Tagmill-2' })];

  test('share no name', () => {
    expect(namesIn(first).filter((name) => namesIn(second).includes(name))).toEqual([]);
    expect(namesIn(first).filter((name) => !name.startsWith('AWS::CloudWatch::Alarm'))).toEqual([
      'AWS::StepFunctions::StateMachine "Tagmill-Comparison"',
      'AWS::StepFunctions::StateMachine "Tagmill-Backfill"',
    ]);
  });

  test('measure apart', () => {
    const namespaces = propertiesOf(second, 'AWS::Lambda::Function')
      .map(({ Environment: { Variables } }) => Variables.POWERTOOLS_METRICS_NAMESPACE)
      .filter((namespace) => namespace !== undefined);
    expect(namespaces).toEqual(['tagmill/Tagmill-2', 'tagmill/Tagmill-2']);
  });
});
