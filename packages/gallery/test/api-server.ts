import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type OpenStack, openStack } from '@tagmill/pipeline';
import { startFauxqs } from 'fauxqs';

export const BUCKET = 'photos';

/** Answers a request to the API: a document, or undefined for 404. */
export type Answer = (path: string, query: URLSearchParams) => object | undefined;

/** A stack whose bucket and queues are real ones, and whose API has what a test gives it. */
export async function startStack(answer: Answer) {
  const aws = await startFauxqs({ port: 0, logger: false });
  aws.createBucket(BUCKET);
  const queueUrlOf = (name: string) => aws.createQueue(name).queueUrl;
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
    queueUrl: queueUrlOf('live'),
    backfillQueueUrl: queueUrlOf('backfill'),
    deadLetterQueueUrl: queueUrlOf('dead'),
    uploadBucket: BUCKET,
    table: 'none',
    api: `http://127.0.0.1:${(api.address() as AddressInfo).port}/`,
    endpoints: { s3: aws.address, sqs: aws.address, dynamodb: aws.address },
  });
  const close = async () => {
    api.closeAllConnections();
    api.close();
    await aws.stop();
  };
  return { aws, stack, close };
}
