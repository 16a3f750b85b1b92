import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  type StackResourceSummary,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { LambdaClient, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import {
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { paginateListExecutions, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { TagmillError } from '@tagmill/core';
import { listResources } from './list-resources.ts';

/** What there is of a deployed stack, and what becomes of it. */
export interface TeardownPlan {
  stackId: string;
  /** Names of buckets and tables that the template gives up. */
  deleted: { buckets: string[]; tables: string[] };
  /** Of those that outlive the stack. */
  retained: { buckets: string[]; tables: string[] };
  /** Names of the queues that buckets tell of objects. */
  queues: string[];
  /** UUIDs of the functions' event sources. */
  eventSources: string[];
  /** ARNs of state machines. */
  workflows: string[];
}

/** A large table takes minutes, and CloudFormation waits for it. */
const LONGEST_DELETION_SECONDS = 3600;

/**
 * Reads what would go with a stack, and what would stay, by the deletion policies of its own template.
 *
 * @throws {TagmillError} `not-found` if there is no such stack, or it is none of tagmill's.
 */
export async function planTeardown(stackName: string): Promise<TeardownPlan> {
  const client = new CloudFormationClient({});
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName })).catch((cause: Error) => {
    throw new TagmillError('not-found', `Stack ${stackName}: ${cause.message}`, { cause });
  });
  const stack = Stacks![0]!;
  if (!stack.Description?.startsWith('tagmill:'))
    throw new TagmillError('not-found', `Stack ${stackName} is none of tagmill's, by its description`);
  return inCloudFormation(stackName, async () => {
    const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName: stackName }));
    const template = JSON.parse(TemplateBody!).Resources as Record<string, { DeletionPolicy?: string }>;
    const resources = await listResources(client, stackName);
    const isDeleted = ({ LogicalResourceId }: StackResourceSummary) =>
      (template[LogicalResourceId!]?.DeletionPolicy ?? 'Delete') === 'Delete';
    const goes = namesByType(resources.filter(isDeleted));
    const stays = namesByType(resources.filter((each) => !isDeleted(each)));
    return {
      stackId: stack.StackId!,
      deleted: { buckets: goes('AWS::S3::Bucket'), tables: goes('AWS::DynamoDB::Table') },
      retained: { buckets: stays('AWS::S3::Bucket'), tables: stays('AWS::DynamoDB::Table') },
      queues: goes('AWS::SQS::Queue').map((url) => url.split('/').at(-1)!),
      eventSources: goes('AWS::Lambda::EventSourceMapping'),
      workflows: goes('AWS::StepFunctions::StateMachine'),
    };
  });
}

/**
 * Ends what would write while the stack is taken down: the stack's own buckets no longer tell its queues of objects, its functions take no
 * messages, and executions of its state machines are stopped. Whom else a bucket tells, it goes on telling.
 *
 * @throws {TagmillError} `unavailable` if AWS refuses or can't be reached.
 */
export async function stopEvents(plan: TeardownPlan): Promise<void> {
  const { deleted, retained, queues, eventSources, workflows } = plan;
  const [s3, lambda, sfn] = [new S3Client({}), new LambdaClient({}), new SFNClient({})];
  try {
    for (const bucket of [...deleted.buckets, ...retained.buckets])
      await stopNotifications(s3, bucket, queues).catch(ignore('NoSuchBucket'));
    for (const UUID of eventSources) {
      const disable = new UpdateEventSourceMappingCommand({ UUID, Enabled: false });
      // In use is one that a run just before this is disabling.
      await lambda.send(disable).catch(ignore('ResourceNotFoundException', 'ResourceInUseException'));
    }
    for (const stateMachineArn of workflows) {
      const pages = paginateListExecutions({ client: sfn }, { stateMachineArn, statusFilter: 'RUNNING' });
      for await (const { executions = [] } of pages) {
        for (const { executionArn } of executions) await sfn.send(new StopExecutionCommand({ executionArn }));
      }
    }
  } catch (cause) {
    throw unavailable('The events could not be stopped', cause);
  }
}

async function stopNotifications(client: S3Client, Bucket: string, queues: readonly string[]): Promise<void> {
  const { $metadata, ...configuration } = await client.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  const others = configuration.QueueConfigurations?.filter(
    ({ QueueArn }) => !queues.includes(QueueArn!.split(':').at(-1)!),
  );
  const NotificationConfiguration = { ...configuration, QueueConfigurations: others };
  await client.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
}

/**
 * Deletes the stack and waits until it is gone.
 *
 * @throws {TagmillError} `unavailable` with CloudFormation's reasons, a resource each.
 */
export async function deleteStack({ stackId }: Pick<TeardownPlan, 'stackId'>): Promise<void> {
  const client = new CloudFormationClient({});
  await inCloudFormation(stackId, () => client.send(new DeleteStackCommand({ StackName: stackId })));
  try {
    // By its id: by its name it can't be found once it is deleted.
    await waitUntilStackDeleteComplete({ client, maxWaitTime: LONGEST_DELETION_SECONDS }, { StackName: stackId });
  } catch (cause) {
    const failed = (await listResources(client, stackId)).filter((each) => each.ResourceStatus === 'DELETE_FAILED');
    const reasons = failed.map((each) => `${each.LogicalResourceId}: ${each.ResourceStatusReason}`);
    throw unavailable(`The stack is not deleted. ${reasons.join('; ')}`, cause);
  }
}

function namesByType(resources: readonly StackResourceSummary[]): (type: string) => string[] {
  return (type) =>
    resources.filter(({ ResourceType }) => ResourceType === type).map(({ PhysicalResourceId }) => PhysicalResourceId!);
}

/** What is gone already needs no ending: a teardown may be run again. */
function ignore(...names: string[]): (error: Error) => void {
  return (error) => {
    if (!names.includes(error.name)) throw error;
  };
}

async function inCloudFormation<T>(stack: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw unavailable(`Stack ${stack}`, cause);
  }
}

function unavailable(what: string, cause: unknown): TagmillError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new TagmillError('unavailable', `${what}: ${detail}`, { cause, retryable: true });
}
