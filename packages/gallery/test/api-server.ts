import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type OpenStack, openStack } from '@tagmill/stack-client';
import { startAws } from '../../../test/helpers/aws.ts';

export const BUCKET = 'photos';

/** Answers a request to the API: a document, or undefined for 404. */
export type Answer = (path: string, query: URLSearchParams) => object | undefined;

/** A stack whose bucket and queues are real ones, and whose API has what a test gives it. */
export async function startStack(answer: Answer) {
  const aws = await startAws();
  aws.createBucket(BUCKET);
  const api = http.createServer(({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://api');
    const document = answer(pathname, searchParams);
    response.setHeader('content-type', document ? 'application/json' : 'application/problem+json');
    response.statusCode = document ? 200 : 404;
    response.end(JSON.stringify(document ?? { status: 404, detail: `Nothing at ${url}` }));
  });
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  const stack: OpenStack = openStack({
    queueUrl: aws.createQueue('live'),
    backfillQueueUrl: aws.createQueue('backfill'),
    deadLetterQueueUrl: aws.createQueue('dead'),
    uploadBucket: BUCKET,
    table: 'none',
    api: `http://127.0.0.1:${(api.address() as AddressInfo).port}/`,
    endpoints: { s3: aws.s3, sqs: aws.sqs, dynamodb: 'http://127.0.0.1:9' },
  });
  const close = async () => {
    api.closeAllConnections();
    api.close();
    await aws.close();
  };
  return { aws, stack, close };
}
