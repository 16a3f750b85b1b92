import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, jest, test } from '@jest/globals';
import { makePhotos } from '../helpers/photos.ts';
import { eventually, type Pipeline, type PipelineOptions, startPipeline } from '../helpers/pipeline-stack.ts';
import { seededRandom } from '../helpers/random.ts';
import { tableShape } from '../helpers/table-shape.ts';

jest.setTimeout(300_000);

const SEED = 20_260_101;
const PHOTOS = 200;
/** One variant: which the policy takes depends on the load, and tables are compared here. */
const STACK = { variant: 'everyday/0.5-96', timeoutSeconds: 5, visibilityTimeoutSeconds: 30, memoryMb: 1536 };
/** Kills are bounded, so that no image is hit ten times by chance alone. */
const KILLS = 8;
const KILL_EVERY_MS = 1500;

let pipeline: Pipeline | undefined;
afterEach(async () => {
  await pipeline?.close();
  pipeline = undefined;
});

type Change = { key: string; body?: Buffer };

/** What is done to the bucket, one change after the other a key, and what it holds in the end. */
function plan(photos: readonly Buffer[], random: () => number): { rounds: Change[][]; final: Map<string, Buffer> } {
  const final = new Map<string, Buffer>();
  const first = photos.map((photo, i) => {
    const corrupt = random() < 0.05;
    return { key: `${i}.jpg`, body: corrupt ? photo.subarray(0, photo.length / 2) : photo };
  });
  const removed = first.filter(() => random() < 0.2).map(({ key }) => ({ key }));
  const again = removed
    .filter(() => random() < 0.6)
    .map(({ key }) => ({ key, body: photos[Math.floor(random() * photos.length)]! }));
  const replaced = first
    .filter(({ key }) => !removed.some((change) => change.key === key) && random() < 0.1)
    .map(({ key }) => ({ key, body: photos[Math.floor(random() * photos.length)]! }));
  const rounds: Change[][] = [first, removed, [...again, ...replaced]];
  for (const { key, body } of rounds.flat()) {
    if (body) final.set(key, body);
    else final.delete(key);
  }
  return { rounds, final };
}

async function start(options: PipelineOptions = {}): Promise<Pipeline> {
  pipeline = await startPipeline({ stack: STACK, ...options });
  return pipeline;
}

async function settle(run: Pipeline) {
  await eventually(
    () => run.messages(run.outputs.QueueUrl!),
    (left) => left === 0,
    150_000,
  );
  const shape = tableShape(await run.items());
  const deadLetters = await run.messages(run.outputs.DeadLetterQueueUrl!);
  await run.close();
  return { ...shape, deadLetters };
}

test('duplicates, disorder, removals, re-uploads and killed workers end in the table of a calm run', async () => {
  const photos = await makePhotos(PHOTOS, SEED);
  const { rounds, final } = plan(photos, seededRandom(SEED));

  const calm = await start();
  await Promise.all([...final].map(([key, body]) => calm.put(key, body)));
  await eventually(
    async () => tableShape(await calm.items()).records.size,
    (count) => count === final.size,
  );
  const expected = await settle(calm);

  // Each notification comes one to three times, each within two seconds: later ones overtake earlier ones.
  const random = seededRandom(SEED + 1);
  const deliveries = () => Array.from({ length: 1 + Math.floor(random() * 3) }, () => 1 + Math.floor(random() * 2000));
  const stormy = await start({ faults: { deliveries } });
  const killed = new Set<number>();
  const killer = (async () => {
    for (let i = 0; i < KILLS; i++) {
      await delay(KILL_EVERY_MS);
      const [worker] = stormy.workers().filter((pid) => !killed.has(pid));
      if (worker === undefined) continue;
      killed.add(worker);
      process.kill(worker, 'SIGKILL');
    }
  })();
  for (const round of rounds) {
    await Promise.all(round.map(({ key, body }) => (body ? stormy.put(key, body) : stormy.remove(key))));
    await delay(1000);
  }
  await killer;
  // The last notifications are on their way for two seconds.
  await delay(2500);
  const actual = await settle(stormy);

  expect(killed.size).toBeGreaterThanOrEqual(4);
  expect(actual.records).toEqual(expected.records);
  expect(actual.postings).toEqual(expected.postings);
  expect(actual.deadLetters).toBe(0);
});
