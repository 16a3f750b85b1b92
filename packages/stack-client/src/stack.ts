import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { TagmillError } from '@tagmill/core';
import { S3ObjectStore, SqsQueue } from '@tagmill/pipeline';
import { documentClient, type TagStoreOptions } from '@tagmill/tag-store';
import { type CallApi, openApi } from './api.ts';
import { LOCAL } from './local-credentials.ts';
import type { LocalFunction } from './workflows.ts';

/** Where a stack's parts are. */
export interface StackAddress {
  queueUrl: string;
  backfillQueueUrl: string;
  deadLetterQueueUrl: string;
  uploadBucket: string;
  /** Of a deployed stack: from which alone its functions may read inventories; none if absent. */
  inventoryBucket?: string;
  table: string;
  /** URL of the HTTP API, with a `/` at its end. */
  api: string;
  /** State machines of a deployed stack, by their ARNs; absent if it was deployed before it had them. */
  workflows?: { reconcile: string; backfill: string };
  /** Of a local stack, which has no state machines: what they would call. */
  functions?: { reconcile: LocalFunction; enqueueBackfill: LocalFunction };
  /** Of a local stack; AWS's own if absent. */
  endpoints?: { s3: string; sqs: string; dynamodb: string };
}

export interface OpenStack {
  queue: SqsQueue;
  backfillQueue: SqsQueue;
  deadLetters: SqsQueue;
  objects: S3ObjectStore;
  table: TagStoreOptions;
  callApi: CallApi;
}

/** Clients of a stack's queues, objects, table and API. */
export function openStack({ endpoints, ...address }: StackAddress): OpenStack {
  const sqs = new SQSClient(endpoints ? { ...LOCAL, endpoint: endpoints.sqs } : {});
  const s3 = new S3Client(endpoints ? { ...LOCAL, endpoint: endpoints.s3, forcePathStyle: true } : {});
  return {
    queue: new SqsQueue({ client: sqs, queueUrl: address.queueUrl }),
    backfillQueue: new SqsQueue({ client: sqs, queueUrl: address.backfillQueueUrl }),
    deadLetters: new SqsQueue({ client: sqs, queueUrl: address.deadLetterQueueUrl }),
    objects: new S3ObjectStore({ client: s3 }),
    table: {
      client: documentClient(endpoints ? { ...LOCAL, endpoint: endpoints.dynamodb } : {}),
      tableName: address.table,
    },
    callApi: openApi({ url: address.api, ...(endpoints ? {} : { signAs: s3.config }) }),
  };
}

/**
 * A deployed stack's address, by its outputs, with the user's own AWS configuration.
 *
 * @throws {TagmillError} `not-found` if there is no such stack, or it is none of tagmill's.
 */
export async function findDeployedStack(name: string): Promise<StackAddress> {
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
  const inventoryBucket = outputs.get('InventoryBucketName');
  const [reconcile, backfill] = [outputs.get('ReconcileWorkflowArn'), outputs.get('BackfillWorkflowArn')];
  return {
    ...(reconcile && backfill && { workflows: { reconcile, backfill } }),
    ...(inventoryBucket && { inventoryBucket }),
    queueUrl: output('QueueUrl'),
    backfillQueueUrl: output('BackfillQueueUrl'),
    deadLetterQueueUrl: output('DeadLetterQueueUrl'),
    uploadBucket: output('UploadBucketName'),
    table: output('TableName'),
    api: output('ApiUrl'),
  };
}
