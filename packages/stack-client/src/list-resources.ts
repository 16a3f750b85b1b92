import {
  type CloudFormationClient,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';

/**
 * The resources that a stack has now.
 *
 * @param stack its name, or its id.
 * @throws whatever CloudFormation's client throws.
 */
export async function listResources(client: CloudFormationClient, stack: string): Promise<StackResourceSummary[]> {
  const pages = await Array.fromAsync(paginateListStackResources({ client }, { StackName: stack }));
  const resources = pages.flatMap(({ StackResourceSummaries = [] }) => StackResourceSummaries);
  return resources.filter(({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE');
}
