import { describe, expect, test } from '@jest/globals';
import { OPTION_SETS } from '../../test/judges/cfn/option-sets.ts';
import { CREATE_ONLY } from './create-only.ts';
import { type Json, templateOf } from './stacks.ts';

/** What a changed value of would make CloudFormation replace a resource, by its logical id. */
function identities(options: Json): Map<string, { type: string; createOnly: Json }> {
  const resources = Object.entries(templateOf(options).toJSON().Resources as Record<string, Json>);
  return new Map(
    resources.map(([id, { Type: type, Properties = {} }]) => {
      if (!CREATE_ONLY[type]) throw new Error(`${type} is not in create-only.ts`);
      const createOnly = Object.fromEntries(CREATE_ONLY[type].map((name) => [name, Properties[name]]));
      return [id, { type, createOnly }];
    }),
  );
}

const HOLDS_DATA = ['AWS::S3::Bucket', 'AWS::DynamoDB::Table'];
const before = identities({});
const { 'another stack': _, 'chosen names': chosenNames, 'an existing bucket': existing, ...sets } = OPTION_SETS;

/** Logical ids that CloudFormation would replace, or remove. */
function changedBy(options: Json): { replaced: string[]; removed: string[] } {
  const after = identities(options);
  const ids = [...before.keys()];
  return {
    replaced: ids.filter((id) => after.has(id) && JSON.stringify(after.get(id)) !== JSON.stringify(before.get(id))),
    removed: ids.filter((id) => !after.has(id) && HOLDS_DATA.includes(before.get(id)!.type)),
  };
}

describe('from the defaults to other options, CloudFormation', () => {
  test.each(Object.entries(sets))('replaces nothing and removes neither bucket nor table: %s', (_name, options) => {
    expect(changedBy(options)).toEqual({ replaced: [], removed: [] });
  });

  test('replaces bucket and table by a changed name, and what is tied to them', () => {
    expect(changedBy(chosenNames!)).toEqual({
      replaced: [expect.stringMatching(/^TagsTable/), expect.stringMatching(/^UploadsBucket[0-9A-F]{8}$/)],
      removed: [],
    });
  });

  test('lets go of the bucket where one that is there already takes its place, and retains it', () => {
    expect(changedBy(existing!)).toEqual({
      replaced: [],
      removed: [expect.stringMatching(/^UploadsBucket[0-9A-F]{8}$/)],
    });
    for (const { DeletionPolicy } of Object.values(templateOf().findResources('AWS::S3::Bucket')))
      expect(DeletionPolicy).toBe('RetainExceptOnCreate');
  });
});
