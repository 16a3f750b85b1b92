import { Stack, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Says why a wildcard in a policy's resource has to be there. */
export function acknowledgeWildcard(scope: Construct, resourceArn: string, reason: string): void {
  const resource = flatten(Stack.of(scope).resolve(resourceArn));
  // Where `Validations.acknowledge` would write it, which changes a key prefix's spaces and refuses its brackets.
  scope.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, {
    [`AwsSolutions-IAM5[Resource::${resource}]`]: reason,
  });
}

type Intrinsic = string | { Ref: string } | { 'Fn::GetAtt': [string, string] } | { 'Fn::Join': [string, Intrinsic[]] };

/** As cdk-nag writes a value that is known only when it is deployed: `<Bucket.Arn>/*`. */
function flatten(value: Intrinsic): string {
  if (typeof value === 'string') return value;
  if ('Ref' in value) return `<${value.Ref}>`;
  if ('Fn::GetAtt' in value) return `<${value['Fn::GetAtt'].join('.')}>`;
  const [separator, parts] = value['Fn::Join'];
  return parts.map(flatten).join(separator);
}
