import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, GetMetricDataCommand, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { GetEventSourceMappingCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { TagmillError } from '@tagmill/core';
import { listResources } from './list-resources.ts';
import type { StackAddress } from './stack.ts';
import { type AlarmStatus, type DeployedStatus, type MappingStatus, QUEUE_NAMES, type QueueName } from './status.ts';

/** SQS measures every minute, and CloudWatch shows it a few minutes later. */
const AGE_WINDOW_MS = 15 * 60 * 1000;
const AGE_PERIOD_SECONDS = 60;

/**
 * What CloudFormation, CloudWatch and Lambda say of a deployed stack: alarms, event source mappings, ages of messages.
 *
 * @throws {TagmillError} `unavailable` if one of them refuses or can't be reached.
 */
export async function readDeployedStatus(
  stackName: string,
  address: StackAddress,
  now = new Date(),
): Promise<DeployedStatus> {
  try {
    const resources = await listResources(new CloudFormationClient({}), stackName);
    const ofType = (type: string) =>
      resources
        .filter(({ ResourceType }) => ResourceType === type)
        .map(({ PhysicalResourceId }) => PhysicalResourceId!);
    const [alarms, mappings, oldestAgeSeconds] = await Promise.all([
      alarmsNamed(ofType('AWS::CloudWatch::Alarm')),
      readMappings(ofType('AWS::Lambda::EventSourceMapping')),
      readAges(address, now),
    ]);
    return { alarms, mappings, oldestAgeSeconds };
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new TagmillError('unavailable', `Stack ${stackName}: ${detail}`, { cause, retryable: true });
  }
}

async function alarmsNamed(names: string[]): Promise<AlarmStatus[]> {
  if (names.length === 0) return [];
  const pages = paginateDescribeAlarms({ client: new CloudWatchClient({}) }, { AlarmNames: names });
  const alarms = (await Array.fromAsync(pages)).flatMap(({ MetricAlarms }) => MetricAlarms ?? []);
  return alarms.map(({ AlarmName, AlarmDescription, StateValue, StateUpdatedTimestamp }) => ({
    name: AlarmName!,
    state: StateValue!,
    since: StateUpdatedTimestamp!.toISOString(),
    meaning: AlarmDescription ?? '',
  }));
}

function readMappings(uuids: string[]): Promise<MappingStatus[]> {
  const client = new LambdaClient({});
  return Promise.all(
    uuids.map(async (UUID) => {
      const { EventSourceArn, State } = await client.send(new GetEventSourceMappingCommand({ UUID }));
      return { queue: EventSourceArn!.split(':').at(-1)!, state: State! };
    }),
  );
}

async function readAges(address: StackAddress, now: Date): Promise<Partial<Record<QueueName, number>>> {
  const urls = {
    live: address.queueUrl,
    backfill: address.backfillQueueUrl,
    deadLetters: address.deadLetterQueueUrl,
  };
  const command = new GetMetricDataCommand({
    StartTime: new Date(now.getTime() - AGE_WINDOW_MS),
    EndTime: now,
    ScanBy: 'TimestampDescending',
    MetricDataQueries: QUEUE_NAMES.map((name) => ({
      Id: name,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/SQS',
          MetricName: 'ApproximateAgeOfOldestMessage',
          Dimensions: [{ Name: 'QueueName', Value: urls[name].split('/').at(-1)! }],
        },
        Period: AGE_PERIOD_SECONDS,
        Stat: 'Maximum',
      },
    })),
  });
  const { MetricDataResults = [] } = await new CloudWatchClient({}).send(command);
  return Object.fromEntries(
    MetricDataResults.flatMap(({ Id, Values }) => (Values?.[0] === undefined ? [] : [[Id, Values[0]]])),
  );
}
