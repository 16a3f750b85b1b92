import { describe, expect, test } from '@jest/globals';
import { encodeFilterValue, policyKeys } from '@tagmill/cdk/key-filter';
import { type Json, list, propertiesOf, templateOf } from './stacks.ts';

/** Prefix, as a notification's filter has it, as a policy has it. */
const PREFIXES: readonly [string, string, string][] = [
  ['in/2026-11_a.b!', 'in/2026-11_a.b!', 'in/2026-11_a.b!*'],
  ['year=2026/', 'year%3D2026/', 'year=2026/*'],
  ['my photos/', 'my+photos/', 'my photos/*'],
  ['a+b&c@d:e,f;g$h/', 'a%2Bb%26c%40d%3Ae%2Cf%3Bg%24h/', 'a+b&c@d:e,f;g$h/*'],
  ["it's (100%) ~/", "it's+(100%25)+%7E/", "it's (100%) ~/*"],
  ['año/', 'a%C3%B1o/', 'año/*'],
  ['фото/2026/', '%D1%84%D0%BE%D1%82%D0%BE/2026/', '*/2026/*'],
  ['😀', '%F0%9F%98%80', '*'],
];

describe('a prefix', () => {
  test.each(PREFIXES)('%s is %s in the filter of a notification, and %s in a policy', (prefix, encoded, keys) => {
    expect(encodeFilterValue(prefix)).toBe(encoded);
    expect(decodeURIComponent(encoded.replaceAll('+', '%20'))).toBe(prefix);
    expect(policyKeys(prefix)).toBe(keys);
  });

  const prefix = "it's año=2026 (+)/фото/";

  test('is encoded in the filters of the bucket’s notifications alone, and so is a suffix', () => {
    const template = templateOf({ prefix, suffix: ' (1).jpg' });
    const [bucket] = propertiesOf(template, 'AWS::S3::Bucket');
    for (const { Filter } of bucket!.NotificationConfiguration.QueueConfigurations) {
      expect(Filter.S3Key.Rules).toEqual([
        { Name: 'prefix', Value: "it's+a%C3%B1o%3D2026+(%2B)/%D1%84%D0%BE%D1%82%D0%BE/" },
        { Name: 'suffix', Value: '+(1).jpg' },
      ]);
    }
    const settings = propertiesOf(template, 'AWS::Lambda::Function').flatMap(({ Environment: { Variables } }) =>
      Variables.KEY_PREFIX === undefined ? [] : [[Variables.KEY_PREFIX, Variables.KEY_SUFFIX]],
    );
    expect(settings).toEqual(Array(2).fill([prefix, ' (1).jpg']));
  });

  test('of a bucket that was there before is as it is in event pattern and policies', () => {
    const template = templateOf({ existingBucketName: 'photos', prefix });
    const [rule] = propertiesOf(template, 'AWS::Events::Rule');
    expect(rule!.EventPattern.detail.object.key).toEqual([{ wildcard: `${prefix}*` }]);
    const resources = propertiesOf(template, 'AWS::IAM::Policy')
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement as Json[])
      .filter(({ Action }) => list(Action).includes('s3:GetObject'))
      .map(({ Resource }) => JSON.stringify(Resource))
      .filter((resource) => resource.includes(':s3:::photos'));
    expect(resources).toHaveLength(2);
    for (const resource of resources) expect(resource).toContain(":s3:::photos/it's año=2026 (+)/*/*");
  });
});
