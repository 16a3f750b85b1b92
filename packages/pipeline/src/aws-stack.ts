import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { TagmillError } from '@tagmill/core';
import { type CallApi, openApi } from './aws-api.ts';
import { S3ObjectStore } from './s3-object-store.ts';
import { SqsQueue } from './sqs-queue.ts';

/** Where a stack's parts are. */
export interface StackAddress {
  queueUrl: string;
  backfillQueueUrl: string;
  deadLetterQueueUrl: string;
  uploadBucket: string;
  /** URL of the HTTP API, with a `/` at its end. */
  api: string;
  /** Of a local stack; AWS's own if absent. */
  endpoints?: { s3: string; sqs: string };
}

export interface OpenStack {
  queue: SqsQueue;
  backfillQueue: SqsQueue;
  deadLetters: SqsQueue;
  objects: S3ObjectStore;
  callApi: CallApi;
}

/** The emulators ask for some, and don't check them. */
const LOCAL = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** Clients of a stack's queues, objects and API. */
export function openStack({ endpoints, ...address }: StackAddress): OpenStack {
  const sqs = new SQSClient(endpoints ? { ...LOCAL, endpoint: endpoints.sqs } : {});
  const s3 = new S3Client(endpoints ? { ...LOCAL, endpoint: endpoints.s3, forcePathStyle: true } : {});
  return {
    queue: new SqsQueue({ client: sqs, queueUrl: address.queueUrl }),
    backfillQueue: new SqsQueue({ client: sqs, queueUrl: address.backfillQueueUrl }),
    deadLetters: new SqsQueue({ client: sqs, queueUrl: address.deadLetterQueueUrl }),
    objects: new S3ObjectStore({ client: s3 }),
    callApi: openApi({ url: address.api, ...(endpoints ? {} : { signAs: s3.config }) }),
  };
}

/**
 * A deployed stack's address, by its outputs, with the user's own AWS configuration.
 *
 * @throws {TagmillError} `not-found` if there is no such stack, or it is none of tagmill's.
 */
export async function deployedStack(name: string): Promise<StackAddress> {
  const client = new CloudFormationClient({});
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name })).catch((cause: Error) => {
    throw new TagmillError('not-found', `Stack ${name}: ${cause.message}`, { cause });
  });
  const outputs = new Map(Stacks?.[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  const output = (key: string) => {
    const value = outputs.get(key);
    if (value === undefined)
      throw new TagmillError('not-found', `Stack ${name} has no output ${key}: it isn't tagmill's`);
    return value;
  };
  return {
    queueUrl: output('QueueUrl'),
    backfillQueueUrl: output('BackfillQueueUrl'),
    deadLetterQueueUrl: output('DeadLetterQueueUrl'),
    uploadBucket: output('UploadBucketName'),
    api: output('ApiUrl'),
  };
}
