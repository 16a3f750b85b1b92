/**
 * A test of a stack of your own, offline. The stack has nothing to do with tagmill:
 *
 *   npx --no node -- --test examples/emulator.test.ts
 *
 * CDK synthesizes it, the local stack runs the template, and AWS's own clients talk to it.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startLocalStack } from '@tagmill/local-stack';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';

/**
 * Writes each message of the queue into the bucket, in capital letters. The local stack starts `index.mjs`, and tells a function by
 * `AWS_ENDPOINT_URL_S3` where S3 is. AWS's clients read that variable by themselves; this handler has none, to stay short.
 */
const HANDLER = `export const handler = async ({ Records }) => {
  for (const { body } of Records) {
    const url = process.env.AWS_ENDPOINT_URL_S3 + '/' + process.env.BUCKET + '/' + body + '.txt';
    await fetch(url, { method: 'PUT', body: body.toUpperCase() });
  }
};`;

test('what is sent to the queue ends in the bucket', async (t) => {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'emulator-'));
  t.after(() => fs.rmSync(scratch, { recursive: true }));
  const local = await startLocalStack({ assemblyDirectory: synthesize(scratch), maxConcurrency: 1 });
  t.after(() => local.close());

  const client = { region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };
  const sqs = new SQSClient({ ...client, endpoint: local.endpoints.sqs });
  await sqs.send(new SendMessageCommand({ QueueUrl: local.outputs.QueueUrl!, MessageBody: 'hello' }));

  const s3 = new S3Client({ ...client, endpoint: local.endpoints.s3, forcePathStyle: true });
  assert.equal(await textOf(s3, { Bucket: local.outputs.BucketName!, Key: 'hello.txt' }), 'HELLO');
});

function synthesize(scratch: string): string {
  const code = path.join(scratch, 'code');
  fs.mkdirSync(code);
  fs.writeFileSync(path.join(code, 'index.mjs'), HANDLER);
  const app = new App({ outdir: path.join(scratch, 'cdk.out') });
  const stack = new Stack(app, 'Shouting');
  const bucket = new Bucket(stack, 'Texts');
  const queue = new Queue(stack, 'Words', { visibilityTimeout: Duration.seconds(60) });
  const shout = new LambdaFunction(stack, 'Shout', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromAsset(code),
    timeout: Duration.seconds(10),
    environment: { BUCKET: bucket.bucketName },
  });
  shout.addEventSource(new SqsEventSource(queue));
  new CfnOutput(stack, 'BucketName', { value: bucket.bucketName });
  new CfnOutput(stack, 'QueueUrl', { value: queue.queueUrl });
  return app.synth().directory;
}

/** Waits for the object, for a minute at most. */
async function textOf(s3: S3Client, object: { Bucket: string; Key: string }): Promise<string> {
  for (const end = Date.now() + 60_000; ; await delay(200)) {
    try {
      const { Body } = await s3.send(new GetObjectCommand(object));
      return await Body!.transformToString();
    } catch (error) {
      if ((error as Error).name !== 'NoSuchKey' || Date.now() > end) throw error;
    }
  }
}
