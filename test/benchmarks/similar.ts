/**
 * How long it takes to find what is most alike among a million made embeddings, exactly, in memory, on one core, and how much memory that is.
 * It counts the search alone: not the reading of embeddings from a stack.
 *
 *   npm run bench -- similar [--images N] [--queries N]
 */
import { parseArgs } from 'node:util';
import { NearestSearch } from '@tagmill/look-alikes';
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
const MOST_OTHER_MIB = 150;

const random = seededRandom(11);
/** Normal, of length 127, as packed embeddings are. */
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const embedding = () =>
  Int8Array.from({ length: DIMENSIONS }, () => Math.round((127 / Math.sqrt(DIMENSIONS)) * normal()));

const search = new NearestSearch(DIMENSIONS);
const start = performance.now();
const queries: Int8Array[] = [];
for (let i = 0; i < IMAGES; i++) {
  const added = embedding();
  search.add(added);
  if (i % Math.floor(IMAGES / (QUERIES + WARM_UP)) === 0) queries.push(added);
}
const addedMs = performance.now() - start;

const samples: number[] = [];
let found = 0;
for (const [i, query] of queries.entries()) {
  const asked = performance.now();
  const [first] = search.nearest(query, LIMIT);
  if (i >= WARM_UP) samples.push(performance.now() - asked);
  if (first!.likeness > 0.9999) found++;
}
const times = percentiles(samples);
const { processor, cores, node } = machine();
const memory = process.memoryUsage();
print(`${processor}, ${cores} cores, Node ${node}; ${times.iterations} queries after ${WARM_UP} to warm up`);
print(`${IMAGES} embeddings of ${DIMENSIONS} dimensions: made and added in ${(addedMs / 1000).toFixed(1)} s`);
print(`p50 ${times.p50.toFixed(1)} ms, p95 ${times.p95.toFixed(1)} ms, p99 ${times.p99.toFixed(1)} ms`);
print(`The process holds ${(memory.rss / 2 ** 20).toFixed(0)} MiB`);
conclude('similar', { images: IMAGES, times, rssBytes: memory.rss }, [
  { what: 'p95 of a search, milliseconds', value: times.p95, atMost: MOST_MS },
  { what: 'share of the queries that find themselves first', value: found / queries.length, atLeast: 1 },
  {
    what: 'MiB that the process holds beside its embeddings',
    value: (memory.rss - IMAGES * (DIMENSIONS + 4)) / 2 ** 20,
    atMost: MOST_OTHER_MIB,
  },
]);
