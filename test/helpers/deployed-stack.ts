import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startAws } from './aws.ts';
import { type CommandResult, startTagmillIn } from './command.ts';

const CLOUDFORMATION = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

/** Has one stack, and answers as CloudFormation does. */
export function describeStacks(outputs: Record<string, string>): string {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse xmlns="${CLOUDFORMATION}"><DescribeStacksResult><Stacks>
    <member><StackName>Tagmill</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>
    <Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

function listStackResources(resources: readonly [type: string, physicalId: string][]): string {
  const members = resources.map(
    ([type, id]) =>
      `<member><ResourceType>${type}</ResourceType><PhysicalResourceId>${id}</PhysicalResourceId><LogicalResourceId>${id}</LogicalResourceId>
      <ResourceStatus>CREATE_COMPLETE</ResourceStatus><LastUpdatedTimestamp>2026-01-01T00:00:00Z</LastUpdatedTimestamp></member>`,
  );
  return `<ListStackResourcesResponse xmlns="${CLOUDFORMATION}"><ListStackResourcesResult><StackResourceSummaries>
    ${members.join('')}</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`;
}

/** What a stack that is deployed would answer. */
export interface Cloud {
  outputs: (url: string) => Record<string, string>;
  resources: readonly [type: string, physicalId: string][];
  alarms: readonly { AlarmName: string; StateValue: string; AlarmDescription: string }[];
  /** By the UUID of a mapping. */
  mappings: Record<string, { EventSourceArn: string; State: string }>;
  /** By the name of a queue. */
  agesInSeconds: Record<string, number>;
  statistics: object;
  /** Of the table, as DynamoDB writes them. */
  items?: object[];
  /** How an execution ends, and with what. */
  execution?: { status: string; output?: object; error?: string; cause?: string };
  /** Of Step Functions, with their input: filled as they come. */
  asked?: { operation: string; input: any }[];
}

/** CloudFormation, CloudWatch, Lambda and a stack's API, at one address. */
async function startCloud(cloud: () => Cloud): Promise<{ url: string; close: () => void }> {
  const server = http.createServer(async (request, response) => {
    const { outputs, resources, alarms, mappings, agesInSeconds, statistics } = cloud();
    const path = request.url!;
    const body = await text(request);
    const answer = (value: object) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    // CloudWatch's protocol, awsJson, names the operation in a header; CloudFormation's, awsQuery, in a form.
    const operation = String(request.headers['x-amz-target'] ?? '').split('.')[1];
    if (operation === 'DescribeAlarms') {
      const StateUpdatedTimestamp = Date.parse('2026-01-01') / 1000;
      answer({ MetricAlarms: alarms.map((alarm) => ({ ...alarm, StateUpdatedTimestamp })) });
    } else if (operation === 'GetMetricData') {
      answer({
        MetricDataResults: JSON.parse(body).MetricDataQueries.map(({ Id, MetricStat }: any) => {
          const age = agesInSeconds[MetricStat.Metric.Dimensions[0].Value];
          return { Id, Values: age === undefined ? [] : [age, age + 60] };
        }),
      });
    } else if (operation === 'Scan') {
      answer({ Items: cloud().items ?? [] });
    } else if (['StartExecution', 'DescribeExecution', 'RedriveExecution'].includes(operation!)) {
      const { execution, asked } = cloud();
      asked?.push({ operation: operation!, input: JSON.parse(body) });
      const executionArn = 'arn:aws:states:eu-west-1:000000000000:execution:any:1';
      const { output, ...more } = execution!;
      answer({ executionArn, ...more, ...(output && { output: JSON.stringify(output) }) });
    } else if (path === '/') {
      const isDescription = new URLSearchParams(body).get('Action') === 'DescribeStacks';
      const xml = isDescription ? describeStacks(outputs(url)) : listStackResources(resources);
      response.setHeader('content-type', 'text/xml').end(xml);
    } else if (path.startsWith('/2015-03-31/event-source-mappings/')) {
      answer(mappings[path.split('/')[3]!]!);
    } else {
      answer(statistics);
    }
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A deployed stack with SQS and S3 beside it, and `tagmill` that finds them. */
export async function startDeployedStack(cloud: () => Cloud) {
  const aws = await startAws();
  for (const name of ['live', 'backfill', 'dead']) aws.createQueue(name);
  aws.createBucket('photos');
  aws.createBucket('inventories');
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const s3 = new S3Client({ endpoint: aws.s3, region: 'eu-west-1', credentials, forcePathStyle: true });
  const server = await startCloud(cloud);
  const environment = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_ENDPOINT_URL: server.url,
    AWS_ENDPOINT_URL_SQS: aws.sqs,
    AWS_ENDPOINT_URL_S3: aws.s3,
  };
  return {
    aws,
    queueUrl: aws.queueUrl,
    /** What every stack says of itself. */
    outputs: (url: string) => ({
      QueueUrl: aws.queueUrl('live'),
      BackfillQueueUrl: aws.queueUrl('backfill'),
      DeadLetterQueueUrl: aws.queueUrl('dead'),
      UploadBucketName: 'photos',
      TableName: 'tags',
      ApiUrl: `${url}/api/`,
    }),
    putObject: (Bucket: string, Key: string, Body: Uint8Array) => s3.send(new PutObjectCommand({ Bucket, Key, Body })),
    /** Not synchronously: this process answers it. */
    async run(...args: string[]): Promise<CommandResult> {
      const command = startTagmillIn(environment, ...args, '--stack', 'Tagmill');
      const ended = once(command, 'exit');
      const [stdout, stderr, [code]] = await Promise.all([text(command.stdout!), text(command.stderr!), ended]);
      return { code, stdout, stderr };
    },
    async close() {
      s3.destroy();
      server.close();
      await aws.close();
    },
  };
}
