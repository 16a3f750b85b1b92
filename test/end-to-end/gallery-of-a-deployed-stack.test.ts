import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { startAws, type TestAws } from '../helpers/aws.ts';
import { ROOT } from '../helpers/command.ts';
import { describeStacks } from '../helpers/deployed-stack.ts';

jest.setTimeout(30_000);

const STATISTICS = { images: 3, byOutcome: { tagged: 3, empty: 0, rejected: 0, failed: 0 } };

describe('tagmill gallery --stack', () => {
  let aws: TestAws;
  let cloud: http.Server;
  let command: ChildProcess;
  let url: string;
  const asked: http.IncomingMessage[] = [];

  beforeAll(async () => {
    aws = await startAws();
    for (const name of ['live', 'backfill', 'dead']) aws.createQueue(name);
    const { queueUrl } = aws;
    aws.sendMessage('dead', 'a message');
    cloud = http.createServer((request, response) => {
      if (request.url === '/') {
        const { port } = cloud.address() as AddressInfo;
        const queues = {
          QueueUrl: queueUrl('live'),
          BackfillQueueUrl: queueUrl('backfill'),
          DeadLetterQueueUrl: queueUrl('dead'),
        };
        const outputs = {
          ...queues,
          UploadBucketName: 'photos',
          TableName: 'tags',
          ApiUrl: `http://127.0.0.1:${port}/api/`,
        };
        response.setHeader('content-type', 'text/xml').end(describeStacks(outputs));
      } else {
        asked.push(request);
        response.setHeader('content-type', 'application/json').end(JSON.stringify(STATISTICS));
      }
    });
    cloud.listen(0, '127.0.0.1');
    await once(cloud, 'listening');
    const bin = path.join(ROOT, 'packages/cli/bin/tagmill.js');
    command = spawn(process.execPath, [bin, 'gallery', '--stack', 'Tagmill', '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_ENDPOINT_URL_CLOUDFORMATION: `http://127.0.0.1:${(cloud.address() as AddressInfo).port}`,
        AWS_ENDPOINT_URL_SQS: aws.sqs,
      },
    });
    const [line] = await once(createInterface(command.stdout!), 'line');
    url = JSON.parse(line).gallery;
  });
  afterAll(async () => {
    command?.kill('SIGKILL');
    cloud?.close();
    await aws?.close();
  });

  test('finds the stack by its outputs', async () => {
    expect(await (await fetch(`${url}stack`)).json()).toMatchObject({ uploadBucket: 'photos', deadLetters: 1 });
  });

  test('signs what it asks the API with the credentials of whoever started it', async () => {
    expect(await (await fetch(`${url}api/stats`)).json()).toEqual(STATISTICS);
    const [{ headers, url: path }] = asked as [http.IncomingMessage];
    expect(path).toBe('/api/stats');
    expect(headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/lambda\/aws4_request, /,
    );
  });

  test('passes nothing of the browser’s on to the API', async () => {
    asked.length = 0;
    await fetch(`${url}api/stats`, { headers: { cookie: 'secret=1', authorization: 'Bearer x' } });
    expect(asked[0]!.headers.cookie).toBeUndefined();
    expect(asked[0]!.headers.authorization).toMatch(/^AWS4/);
  });
});
