/**
 * How long the query function takes to read a million made embeddings, and then to find what is most alike among them, exactly, in memory,
 * on one core, and how much memory that is. The answers of DynamoDB are made here too: its own time and the network's aren't counted, nor
 * are the records that a page reads.
 *
 *   npm run bench -- similar [--images N] [--queries N]
 */
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { documentClient, PLACE_LISTS } from '@tagmill/tag-store';
import { PlacesInMemory } from '../../functions/query-tags/src/places-in-memory.ts';
import { seededRandom } from '../helpers/random.ts';
import { conclude, machine, percentiles, print } from './harness.ts';

const { values } = parseArgs({
  options: { images: { type: 'string', default: '1000000' }, queries: { type: 'string', default: '200' } },
});
const [IMAGES, QUERIES] = [Number(values.images), Number(values.queries)];
const DIMENSIONS = 128;
const WARM_UP = 10;
const LIMIT = 20;
const MOST_MS = 100;
/** Of the process, beside what its embeddings take. */
const MOST_OTHER_MIB = 450;
const MOST_READ_S = 30;

/** Images of an answer: a megabyte of index entries. */
const IMAGES_AT_ONCE = 2_200;
const SPACE_SIGN = Buffer.of(1, 2);
const SPACE = SPACE_SIGN.readUInt16BE();

const random = seededRandom(11);
/** Normal, of length 127, as packed embeddings are. */
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
/** Their numbers are taken from a list, since a million times 128 would take longer to make than to read. */
const NUMBERS = Int8Array.from({ length: 2 ** 20 }, () => Math.round((127 / Math.sqrt(DIMENSIONS)) * normal()));

function makeEmbedding(): Buffer {
  const made = Buffer.alloc(DIMENSIONS);
  for (let i = 0; i < DIMENSIONS; i += 16) {
    const from = Math.floor(random() * (NUMBERS.length - 16));
    made.set(new Uint8Array(NUMBERS.buffer, from, 16), i);
  }
  return made;
}

const queries: Int8Array[] = [];
let made = 0;
let makingMs = 0;
let answers = 0;

/** An answer to a query of the index, as DynamoDB sends it. */
function makeAnswer(last: number): Buffer {
  const start = performance.now();
  const count = Math.min(IMAGES_AT_ONCE, last - made);
  const Items = Array.from({ length: count }, () => {
    const id = Buffer.alloc(16);
    id.writeUInt32LE(made++);
    const embedding = makeEmbedding();
    if (made % Math.floor(IMAGES / (QUERIES + WARM_UP)) === 0) queries.push(new Int8Array(embedding));
    const place = Buffer.concat([SPACE_SIGN, embedding]).toString('base64');
    return {
      outcomeSk: { S: `2026-01-02T03:04:05.678Z#${id.toString('base64url')}` },
      facts: { L: [{ B: place }] },
    };
  });
  const LastEvaluatedKey = made < last ? { pk: { S: `I#${made}` } } : undefined;
  const body = Buffer.from(JSON.stringify({ Items, Count: count, ScannedCount: count, LastEvaluatedKey }));
  makingMs += performance.now() - start;
  answers++;
  return body;
}

const perList = Math.ceil(IMAGES / PLACE_LISTS.length);
const lastOfList = new Map<string, number>();
const handle = async ({ body }: { body: string }) => {
  const list: string = JSON.parse(body).ExpressionAttributeValues[':list'].S;
  const left = lastOfList.get(list) ?? perList;
  const answer = makeAnswer(Math.min(IMAGES, made + left));
  lastOfList.set(list, Math.max(0, left - IMAGES_AT_ONCE));
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  return { response: { statusCode: 200, headers, body: Readable.from([answer]) } };
};
const credentials = { accessKeyId: 'made', secretAccessKey: 'made' };
const client = documentClient({ region: 'us-east-1', credentials, requestHandler: { handle } as never });

const places = new PlacesInMemory({ client, tableName: 'made', firstReadMs: Number.POSITIVE_INFINITY });
const start = performance.now();
await places.refresh();
const readMs = performance.now() - start - makingMs;

const samples: number[] = [];
let found = 0;
for (const [i, embedding] of queries.entries()) {
  const asked = performance.now();
  const [first] = places.embeddings.nearest({ space: SPACE, embedding }, LIMIT);
  if (i >= WARM_UP) samples.push(performance.now() - asked);
  if (first!.likeness > 0.9999) found++;
}
const times = percentiles(samples);
const { processor, cores, node } = machine();
const memory = process.memoryUsage();
const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
print(`${processor}, ${cores} cores, Node ${node}; ${times.iterations} queries after ${WARM_UP} to warm up`);
print(
  `${places.embeddings.size} embeddings of ${DIMENSIONS} dimensions, read in ${answers} answers: ${(readMs / 1000).toFixed(1)} s`,
);
print(`p50 ${times.p50.toFixed(1)} ms, p95 ${times.p95.toFixed(1)} ms, p99 ${times.p99.toFixed(1)} ms`);
print(`The process holds ${mib(memory.rss)} MiB, ${mib(memory.heapUsed)} of them JavaScript objects`);
conclude('similar', { images: IMAGES, readMs, times, rssBytes: memory.rss }, [
  { what: 'images read', value: places.embeddings.size, atLeast: IMAGES },
  { what: 'p95 of a search, milliseconds', value: times.p95, atMost: MOST_MS },
  {
    what: 'seconds to read a million, beside DynamoDB and the network',
    value: readMs / 1000 / (IMAGES / 1e6),
    atMost: MOST_READ_S,
  },
  { what: 'share of the queries that find themselves first', value: found / queries.length, atLeast: 1 },
  {
    what: 'MiB that the process holds beside its embeddings',
    value: (memory.rss - IMAGES * (DIMENSIONS + 4)) / 2 ** 20,
    atMost: MOST_OTHER_MIB,
  },
]);
