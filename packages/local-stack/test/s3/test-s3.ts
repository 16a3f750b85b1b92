import http from 'node:http';
import { S3Client, type S3ServiceException } from '@aws-sdk/client-s3';
import { type S3, type S3Options, startS3 } from '../../src/s3/server.ts';

export const BUCKET = 'photos';

export interface TestS3 {
  s3: S3;
  client: S3Client;
  /** What was sent to queues, in order. */
  sent: { queueArn: string; body: any }[];
  close: () => Promise<void>;
}

export const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:changes';

/** S3 with a bucket, and AWS's client for it. There is one queue. */
export async function startTestS3(options: Partial<S3Options> = {}): Promise<TestS3> {
  const sent: TestS3['sent'] = [];
  const notifications = {
    send: (queueArn: string, body: string) => sent.push({ queueArn, body: JSON.parse(body) }),
    hasQueue: (queueArn: string) => queueArn === QUEUE_ARN,
  };
  const s3 = await startS3({ port: 0, notifications, ...options });
  s3.ensureBucket(BUCKET);
  const client = createClient(s3.endpoint);
  const close = async () => {
    client.destroy();
    await s3.close();
  };
  return { s3, client, sent, close };
}

export function createClient(endpoint: string): S3Client {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  return new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true, maxAttempts: 1 });
}

/** The code and status of what S3 refuses. */
export async function refusal(request: Promise<unknown>): Promise<[code: string, status: number | undefined]> {
  try {
    await request;
  } catch (error) {
    const { name, $metadata } = error as S3ServiceException;
    return [name, $metadata?.httpStatusCode];
  }
  throw new Error('It was not refused');
}

export interface RawResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** A request as it stands, for what a client would not send. */
export function send(
  endpoint: string,
  {
    method = 'GET',
    path,
    headers = {},
    body,
  }: { method?: string; path: string; headers?: Record<string, string>; body?: string | Buffer },
): Promise<RawResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<RawResponse>();
  const { hostname, port } = new URL(endpoint);
  const request = http.request({ hostname, port, method, path, headers, agent: false }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () =>
      resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks).toString() }),
    );
  });
  request.on('error', reject);
  request.end(body);
  return promise;
}
