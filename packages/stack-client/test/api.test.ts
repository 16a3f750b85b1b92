import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openApi } from '../src/api.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET, sessionToken: 'token' };

let server: Server;
let url: string;
const received: { request: IncomingMessage; body: string }[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    received.push({ request, body: Buffer.concat(await request.toArray()).toString() });
    response.writeHead(418, { 'content-type': 'text/plain' }).end('as it is');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.close();
});

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, "UriEncode". */
const uriEncode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** The signature that AWS would expect of what arrived, worked out from the specification. */
function expectedSignature({ request, body }: (typeof received)[number]): string {
  const { method, headers, url: target } = request;
  const signedNames = /SignedHeaders=([^,]+)/.exec(headers.authorization!)![1]!;
  const [path, query = ''] = target!.split('?') as [string, string?];
  const pairs = query
    .split('&')
    .filter(Boolean)
    .map((pair) =>
      pair
        .split('=')
        .map((part) => uriEncode(decodeURIComponent(part)))
        .join('='),
    );
  const canonical = [
    method,
    path.split('/').map(uriEncode).join('/'),
    pairs.sort().join('&'),
    ...signedNames.split(';').map((name) => `${name}:${headers[name]}`),
    '',
    signedNames,
    sha256(body),
  ].join('\n');
  const date = String(headers['x-amz-date']);
  const scope = [date.slice(0, 8), 'eu-west-1', 'lambda', 'aws4_request'];
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${SECRET}`);
  return hmac(key, ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\n')).toString('hex');
}

describe('the API of a stack', () => {
  const signAs = new S3Client({ region: 'eu-west-1', credentials }).config;

  test.each([
    ['stats', {}],
    ['images?q=dog%20and%20not%20%22sports%20car%22&limit=5', {}],
    ['image?bucket=b&key=a%20b%2Bc%2F%C3%BC%21%27%28%29%2A~.jpg', {}],
    ['image?key=a+b&bucket=b', {}],
    ['images/b/a%20b/c%2Bd.jpg', {}],
    ['images/b/k/tags', { method: 'PUT', body: '{"add":["ü"]}' }],
  ])('is asked for %s with the signature that AWS works out', async (pathAndQuery, request) => {
    received.length = 0;
    const answer = await openApi({ url, signAs })(pathAndQuery, request);
    expect([answer.status, await answer.text()]).toEqual([418, 'as it is']);
    const [got] = received;
    expect(got!.request.headers['x-amz-security-token']).toBe('token');
    expect(got!.request.headers.authorization).toContain(`Signature=${expectedSignature(got!)}`);
  });

  test('of a local stack is asked without a signature', async () => {
    received.length = 0;
    await openApi({ url })('images?q=dog+and+cat');
    expect(received[0]!.request.headers.authorization).toBeUndefined();
    expect(received[0]!.request.url).toBe('/images?q=dog%20and%20cat');
  });

  test.each(['//evil.example/x', 'http://evil.example/', '@evil.example', '\\\\evil.example'])(
    'is never another server: %s',
    async (pathAndQuery) => {
      received.length = 0;
      await openApi({ url })(pathAndQuery);
      expect(received).toHaveLength(1);
    },
  );

  test('that can’t be reached may be asked again, and so may one without credentials', async () => {
    const nowhere = openApi({ url: 'http://127.0.0.1:1/' })('stats');
    await expect(nowhere).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    const { config } = new S3Client({ region: 'eu-west-1', credentials: () => Promise.reject(new Error('none')) });
    await expect(openApi({ url, signAs: config })('stats')).rejects.toMatchObject({ code: 'unavailable' });
  });
});
