import { TagmillError } from '@tagmill/core';
import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { LONGEST, SERVICE_LIMITS } from './service-limits.ts';

/** What `Ref` gives of a resource, at its longest. */
const LONGEST_REFERENCES: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'x'.repeat(SERVICE_LIMITS.tableNameCharacters.most),
  'AWS::S3::Bucket': 'x'.repeat(SERVICE_LIMITS.bucketNameCharacters.most),
  // A queue's URL; its name has 80 characters at most.
  'AWS::SQS::Queue': `https://sqs.${LONGEST.region}.${LONGEST.urlSuffix}/${LONGEST.accountId}/${'x'.repeat(80)}`,
};

/**
 * Lambda measures a function's environment only when it is deployed, and fails then.
 *
 * @param scope whose functions are measured.
 * @throws {TagmillError} `invalid-settings` if one may be too large.
 */
export function assertEnvironmentsFit(scope: Construct): void {
  const stack = Stack.of(scope);
  const resources = stack.node.findAll().filter((each) => CfnResource.isCfnResource(each));
  const types = new Map(resources.map((each) => [stack.resolve(each.logicalId), each.cfnResourceType]));
  for (const resource of scope.node.findAll()) {
    if (!(resource instanceof CfnFunction)) continue;
    const variables = stack.resolve(resource.environment)?.variables ?? {};
    const longest = Object.entries(variables).map(([name, value]) => [name, atItsLongest(value, types)]);
    const bytes = Buffer.byteLength(JSON.stringify(Object.fromEntries(longest)));
    const { most } = SERVICE_LIMITS.functionEnvironmentBytes;
    if (bytes <= most) continue;
    throw new TagmillError(
      'invalid-settings',
      `The environment of ${resource.node.scope?.node.path} may have ${bytes} bytes, and Lambda takes ${most}: choose shorter options`,
    );
  }
}

function atItsLongest(value: unknown, types: ReadonlyMap<string, string>): string {
  if (typeof value === 'string') return value;
  const { Ref: id } = value as { Ref?: string };
  // A value of another stack, or a parameter: names are what they are taken for.
  return LONGEST_REFERENCES[types.get(id ?? '') ?? ''] ?? 'x'.repeat(SERVICE_LIMITS.tableNameCharacters.most);
}
