import fs from 'node:fs';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { ACCOUNT, REGION } from './constants.ts';
import type { DynamoDb, TimeToLive } from './dynamodb.ts';
import { LocalStackError } from './errors.ts';
import { EventSourceMapping } from './event-source-mapping.ts';
import { FunctionPool, type FunctionPoolOptions } from './function-pool.ts';
import type { FunctionDefinition } from './function-process.ts';
import { serveFunctionUrl } from './function-url.ts';
import { findHandler, HANDLER_EXTENSIONS } from './handler-file.ts';
import type { PhysicalResource } from './intrinsics.ts';
import type { QueueNotification } from './notifications.ts';
import type { ResourceProperties, ResourceType } from './resource-schemas.ts';
import type { CorsRule } from './s3/buckets.ts';
import type { S3 } from './s3/server.ts';
import type { Sqs } from './sqs/server.ts';

/** What resources are made of, and what is running by now. */
export interface Machinery {
  emulators: AsyncDisposableStack;
  stackName: string;
  s3: S3;
  dynamodb: DynamoDb;
  sqs: Sqs;
  sqsClient: SQSClient;
  assets: ReadonlyMap<string, string>;
  /** What every function's environment has besides the template's. */
  environment: Readonly<Record<string, string>>;
  maxConcurrency: number;
  urlPort: number;
  memoryFault: FunctionPoolOptions['memoryFault'];
  /** Of Lambda's operation Invoke. */
  lambdaEndpoint: string;
  functions: Map<string, FunctionDefinition>;
  /** For those who call a function themselves, by its name; a pool for each, once it is called. */
  invoked: Map<string, FunctionPool>;
  pools: Map<string, FunctionPool[]>;
  /** Run once everything is there. */
  starts: (() => void)[];
  /** Run when the stack ends, before the emulators do. */
  closes: (() => Promise<void>)[];
  timeToLive: TimeToLive[];
  notes: string[];
  log: (line: string) => void;
  functionLog: (line: string) => void;
}

type Made = Omit<PhysicalResource, 'type'>;
type Makers = {
  [Type in ResourceType]: (
    id: string,
    properties: ResourceProperties<Type>,
    machinery: Machinery,
  ) => Made | Promise<Made>;
};

/** How each type comes to be. */
export const MAKERS: Makers = {
  'AWS::SQS::Queue': (id, properties, { stackName, sqs }) => {
    const name = properties.QueueName ?? `${stackName}-${id}`;
    const { RedrivePolicy } = properties;
    const url = sqs.ensureQueue(name, {
      VisibilityTimeout: String(properties.VisibilityTimeout),
      DelaySeconds: String(properties.DelaySeconds),
      MessageRetentionPeriod: String(properties.MessageRetentionPeriod),
      ReceiveMessageWaitTimeSeconds: String(properties.ReceiveMessageWaitTimeSeconds),
      ...(RedrivePolicy ? { RedrivePolicy: JSON.stringify(RedrivePolicy) } : {}),
    });
    return { physicalId: url, attributes: { Arn: arnOf('sqs', name), QueueName: name, QueueUrl: url } };
  },

  'AWS::S3::Bucket': (id, properties, { stackName, s3, starts }) => {
    const name = properties.BucketName ?? bucketName(`${stackName}-${id}`);
    const { VersioningConfiguration, CorsConfiguration, NotificationConfiguration } = properties;
    s3.ensureBucket(name, {
      ...(VersioningConfiguration ? { versioning: VersioningConfiguration.Status } : {}),
      ...(CorsConfiguration ? { cors: CorsConfiguration.CorsRules.map(toCorsRule) } : {}),
    });
    const notifications = (NotificationConfiguration?.QueueConfigurations ?? []).map(({ Event, Queue, Filter }, i) => {
      const filterOf = (rule: string) => Filter?.S3Key.Rules.find(({ Name }) => Name === rule)?.Value ?? '';
      return {
        id: `${id}-${i}`,
        queueArn: Queue,
        events: [Event],
        prefix: filterOf('prefix'),
        suffix: filterOf('suffix'),
      } satisfies QueueNotification;
    });
    starts.push(() => s3.ensureBucket(name, { notifications }));
    return { physicalId: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
  },

  'AWS::DynamoDB::Table': async (id, properties, { stackName, dynamodb, timeToLive }) => {
    const { TableName = `${stackName}-${id}`, TimeToLiveSpecification } = properties;
    const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode } = properties;
    const input = { TableName, KeySchema, AttributeDefinitions, BillingMode, GlobalSecondaryIndexes };
    await dynamodb.ensureTable(input as CreateTableCommandInput);
    if (TimeToLiveSpecification?.Enabled) {
      timeToLive.push({ table: TableName, attribute: TimeToLiveSpecification.AttributeName });
    }
    return { physicalId: TableName, attributes: { Arn: arnOf('dynamodb', `table/${TableName}`) } };
  },

  'AWS::Lambda::Function': (id, properties, { stackName, assets, environment, functions }) => {
    const name = properties.FunctionName ?? `${stackName}-${id}`;
    const arn = arnOf('lambda', `function:${name}`);
    const directory = assets.get(properties.Code.S3Key);
    if (directory === undefined || !fs.existsSync(directory)) {
      throw new LocalStackError('not-found', `${id}: no asset ${directory ?? properties.Code.S3Key}`);
    }
    const { Handler } = properties;
    if (findHandler(directory, Handler).file === undefined) {
      const extensions = HANDLER_EXTENSIONS.join(', ');
      throw new LocalStackError('not-found', `${id}: no file of ${Handler} in ${directory}, by any of ${extensions}`);
    }
    functions.set(name, {
      name,
      arn,
      directory,
      handler: Handler,
      timeoutMs: properties.Timeout * 1000,
      memoryMb: properties.MemorySize,
      environment: { ...environment, ...properties.Environment?.Variables },
    });
    return { physicalId: name, attributes: { Arn: arn } };
  },

  'AWS::Lambda::EventSourceMapping': (id, properties, machinery) => {
    const { sqs, sqsClient, starts, closes, log, notes, maxConcurrency } = machinery;
    const wanted = properties.ScalingConfig?.MaximumConcurrency ?? maxConcurrency;
    const concurrency = Math.min(wanted, maxConcurrency);
    if (concurrency < wanted)
      notes.push(`${id}: ${concurrency} batches at once, not ${wanted}: what this machine bears`);
    if (properties.Enabled) {
      const pool = poolOf(functionNamed(properties.FunctionName, machinery), concurrency, machinery);
      const queueName = properties.EventSourceArn.split(':').at(-1)!;
      starts.push(() => {
        const mapping = new EventSourceMapping({
          sqs: sqsClient,
          queueUrl: `${sqs.endpoint}/${ACCOUNT}/${queueName}`,
          queueArn: properties.EventSourceArn,
          pool,
          concurrency,
          batchSize: properties.BatchSize,
          batchWindowMs: properties.MaximumBatchingWindowInSeconds * 1000,
          reportBatchItemFailures: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
          log,
        });
        closes.push(() => mapping.close());
      });
    }
    return { physicalId: id, attributes: { Id: id } };
  },

  'AWS::Lambda::Url': async (id, properties, machinery) => {
    const definition = functionNamed(properties.TargetFunctionArn, machinery);
    const pool = poolOf(definition, machinery.maxConcurrency, machinery);
    const { url, close } = await serveFunctionUrl(pool, machinery.urlPort);
    machinery.closes.push(close);
    machinery.notes.push(`${id}: ${url} asks for no signature; it answers this machine only`);
    return { physicalId: id, attributes: { FunctionUrl: url, FunctionArn: definition.arn } };
  },
};

/** As a bucket's name may be: lower case, 63 characters at most. */
function bucketName(name: string): string {
  return name.toLowerCase().slice(0, 63).replace(/-+$/, '');
}

function toCorsRule(rule: {
  Id?: string | undefined;
  AllowedOrigins: string[];
  AllowedMethods: string[];
  AllowedHeaders: string[];
  ExposedHeaders: string[];
  MaxAge?: number | undefined;
}): CorsRule {
  return {
    ...(rule.Id === undefined ? {} : { id: rule.Id }),
    origins: rule.AllowedOrigins,
    methods: rule.AllowedMethods,
    allowedHeaders: rule.AllowedHeaders,
    exposedHeaders: rule.ExposedHeaders,
    ...(rule.MaxAge === undefined ? {} : { maxAgeSeconds: rule.MaxAge }),
  };
}

function arnOf(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}

/** By name or ARN. */
function functionNamed(nameOrArn: string, { functions }: Machinery): FunctionDefinition {
  const definition = functions.get(nameOrArn.split(':').at(-1)!);
  if (!definition) throw new LocalStackError('not-found', `No function ${nameOrArn}`);
  return definition;
}

/** For whoever calls a function by its name. */
export function invokedPool(name: string, machinery: Machinery): FunctionPool | undefined {
  const definition = machinery.functions.get(name);
  if (!definition) return undefined;
  const pool = machinery.invoked.get(name) ?? poolOf(definition, machinery.maxConcurrency, machinery);
  machinery.invoked.set(name, pool);
  return pool;
}

/** Environments of their own for each that invokes: whoever waits for one holds up nobody else. */
function poolOf(definition: FunctionDefinition, concurrency: number, machinery: Machinery): FunctionPool {
  const { pools, closes, functionLog, memoryFault } = machinery;
  const pool = new FunctionPool({ definition, concurrency, log: functionLog, memoryFault });
  pools.set(definition.name, [...(pools.get(definition.name) ?? []), pool]);
  closes.push(() => pool.close());
  return pool;
}
