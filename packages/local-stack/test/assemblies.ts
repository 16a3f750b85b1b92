import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export interface SmallStackOptions {
  /** Where the recorder writes. */
  journal: string;
  batchSize?: number;
  visibilityTimeout?: number;
  functionTimeout?: number;
  maxReceiveCount?: number;
  filters?: { Name: string; Value: string }[];
  concurrency?: number;
}

const att = (id: string, attribute: string) => ({ 'Fn::GetAtt': [id, attribute] });

/** A bucket that tells a queue that feeds the recorder; a table; and the echo behind a URL. */
export function smallStack(options: SmallStackOptions): Record<string, object> {
  const { batchSize = 5, visibilityTimeout = 2, functionTimeout = 1, maxReceiveCount = 3, concurrency = 2 } = options;
  const lambda = (asset: string, variables: object) => ({
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: { 'Fn::Sub': 'assets-${AWS::AccountId}' }, S3Key: `${asset}.zip` },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Timeout: functionTimeout,
      MemorySize: 256,
      Role: att('Role', 'Arn'),
      Environment: { Variables: variables },
    },
  });
  return {
    // Named first what comes last, so that the order has to be found.
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'Recorder' },
        EventSourceArn: att('Queue', 'Arn'),
        BatchSize: batchSize,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: concurrency },
      },
    },
    Bucket: {
      Type: 'AWS::S3::Bucket',
      DependsOn: ['Policy'],
      Properties: {
        BucketName: { 'Fn::Join': ['-', ['photos', { Ref: 'AWS::Region' }]] },
        NotificationConfiguration: {
          QueueConfigurations: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'].map((Event) => ({
            Event,
            Queue: att('Queue', 'Arn'),
            ...(options.filters ? { Filter: { S3Key: { Rules: options.filters } } } : {}),
          })),
        },
      },
    },
    Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Queue' }] } },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: visibilityTimeout,
        RedrivePolicy: { deadLetterTargetArn: att('DeadLetters', 'Arn'), maxReceiveCount },
      },
    },
    DeadLetters: { Type: 'AWS::SQS::Queue' },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        BillingMode: 'PAY_PER_REQUEST',
      },
    },
    Role: { Type: 'AWS::IAM::Role', Properties: {} },
    Recorder: lambda('recorder', { JOURNAL: options.journal }),
    Echo: lambda('echo', { TABLE_NAME: { Ref: 'Table' } }),
    Url: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: att('Echo', 'Arn'), AuthType: 'AWS_IAM' } },
  };
}

/** Writes a cloud assembly of one stack, as `cdk synth` lays it out, with the fixtures as its assets. */
export async function writeAssembly(resources: Record<string, object>): Promise<string> {
  const directory = await fs.mkdtemp(path.join(os.tmpdir(), 'assembly-'));
  const write = (file: string, json: object) => fs.writeFile(path.join(directory, file), JSON.stringify(json));
  const asset = (name: string) => ({
    source: { path: path.join(import.meta.dirname, 'fixtures', name), packaging: 'zip' },
    destinations: { here: { bucketName: 'assets', objectKey: `${name}.zip` } },
  });
  await write('manifest.json', {
    artifacts: {
      'Small.assets': { type: 'cdk:asset-manifest', properties: { file: 'Small.assets.json' } },
      Small: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Small.template.json' } },
    },
  });
  await write('Small.assets.json', { files: { recorder: asset('recorder'), echo: asset('echo') } });
  await write('Small.template.json', {
    Resources: resources,
    Outputs: {
      BucketName: { Value: { Ref: 'Bucket' } },
      QueueUrl: { Value: { Ref: 'Queue' } },
      DeadLetterQueueUrl: { Value: { Ref: 'DeadLetters' } },
      TableName: { Value: { Ref: 'Table' } },
      Url: { Value: att('Url', 'FunctionUrl') },
    },
  });
  return directory;
}
