/**
 * Ways to get photos from S3, by turns with the pipeline's own: what overlapping, connections that are kept and reading a part are
 * worth. S3 is the local stack's, in a thread of its own: on loopback, without TLS, so that what a connection costs at AWS is more than this.
 *
 *   npm run bench -- fetching [--photos N] [--rounds N]
 */
import { once } from 'node:events';
import fs from 'node:fs';
import { Agent } from 'node:http';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { S3ObjectStore } from '@tagmill/pipeline';
import { Tagger } from '@tagmill/tagger';
import pMap from 'p-map';
import { conclude, machine, print, timeInterleaved } from './harness.ts';
import { benchmarkModels } from './inputs/models.ts';
import { photoFolder } from './inputs/photos.ts';

const { values } = parseArgs({
  options: { photos: { type: 'string', default: '64' }, rounds: { type: 'string', default: '7' } },
});
const rounds = { warmUp: 1, iterations: Number(values.rounds) };
/** As the stack has it by default. */
const IN_FLIGHT = 4;
/** Whether a photo is refused is told by its first bytes, if it has no long EXIF. */
const HEADER_BYTES = 65_536;
const Bucket = 'photos';

const bucket = new Worker(path.join(import.meta.dirname, 'fetching/bucket.ts'));
const [endpoint] = (await once(bucket, 'message')) as [string];
const client = (keepAlive: boolean) =>
  new S3Client({
    ...{
      endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    },
    requestHandler: { httpAgent: new Agent({ keepAlive }) },
  });
const [kept, dropped] = [client(true), client(false)];
const { catalogue, float32 } = await benchmarkModels();
const tagger = new Tagger({ onnx: (each) => catalogue.onnx(each), labels: (each) => catalogue.labels(each) });

async function fetching(name: string, size: { width: number; height: number; different: number }) {
  const folder = await photoFolder({ ...size, count: Number(values.photos) });
  const keys = fs.readdirSync(folder);
  for (const Key of keys)
    await kept.send(new PutObjectCommand({ Bucket, Key, Body: fs.readFileSync(path.join(folder, Key)) }));

  const fetched = (from: S3Client) => async (key: string) =>
    (await new S3ObjectStore({ client: from }).open({ bucket: Bucket, key }))!.read();
  const tagged = async (key: string) => tagger.tag(await fetched(kept)(key), float32);
  const header = async (Key: string) => {
    const { Body } = await kept.send(new GetObjectCommand({ Bucket, Key, Range: `bytes=0-${HEADER_BYTES - 1}` }));
    return Body!.transformToByteArray();
  };
  const dismissed = async (key: string) =>
    (await new S3ObjectStore({ client: kept }).open({ bucket: Bucket, key }))!.discard();
  const all =
    (one: (key: string) => Promise<unknown>, concurrency = IN_FLIGHT) =>
    () =>
      pMap(keys, one, { concurrency });
  const ways = {
    [`fetched, ${IN_FLIGHT} at a time`]: all(fetched(kept)),
    'fetched one at a time': all(fetched(kept), 1),
    'fetched, a connection each': all(fetched(dropped)),
    'its first 64 KiB, for what is refused by its header': all(header),
    'opened and dropped, for what has too many bytes': all(dismissed),
    [`fetched and tagged, ${IN_FLIGHT} at a time`]: all(tagged),
    'fetched and tagged one at a time': all(tagged, 1),
  };
  const timings = await timeInterleaved(ways, rounds);
  print(`\n${name}, ms an image`);
  for (const [way, { p50 }] of Object.entries(timings))
    print(`  ${way.padEnd(52)} ${(p50 / keys.length).toFixed(2).padStart(7)}`);
  return { name, timings };
}

print(JSON.stringify(machine()));
print(`${float32.variant}; p50 of ${rounds.iterations} rounds, warm-up ${rounds.warmUp}`);
const results = [
  await fetching('500 px', { width: 500, height: 375, different: 64 }),
  await fetching('12 megapixels', { width: 4000, height: 3000, different: 24 }),
];
await tagger.close();
await bucket.terminate();

const [, { timings }] = results as [unknown, (typeof results)[number]];
const of = (way: string) => timings[way as keyof typeof timings].p50;
conclude('fetching', { rounds, results }, [
  {
    what: '12 megapixels: one at a time over overlapped, fetched and tagged',
    value: of('fetched and tagged one at a time') / of(`fetched and tagged, ${IN_FLIGHT} at a time`),
    atLeast: 1,
  },
]);
