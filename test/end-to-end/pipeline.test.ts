import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { makePhotos } from '../helpers/photos.ts';
import { eventually, type Pipeline, type PipelineOptions, startPipeline } from '../helpers/pipeline-stack.ts';
import { tableShape } from '../helpers/table-shape.ts';

jest.setTimeout(180_000);

/** Short enough that what comes again comes soon. */
const QUICK = { timeoutSeconds: 5, visibilityTimeoutSeconds: 30, memoryMb: 1536 };

let pipeline: Pipeline | undefined;
afterEach(async () => {
  await pipeline?.close();
  pipeline = undefined;
});

async function start(options: PipelineOptions = {}): Promise<Pipeline> {
  pipeline = await startPipeline({ ...options, stack: { ...QUICK, ...options.stack } });
  return pipeline;
}

const recordCount = async ({ items }: Pipeline) => (await items()).filter(({ record }) => record).length;

describe('the pipeline', () => {
  test('gives every one of 300 photos a record, and exactly one posting a tag', async () => {
    const run = await start();
    const photos = await makePhotos(300, 1);
    await Promise.all(photos.map((photo, i) => run.put(`album ${i % 3}/ü+${i}.jpg`, photo)));
    await eventually(
      () => recordCount(run),
      (count) => count === 300,
    );
    const items = await run.items();
    const { records, postings } = tableShape(items);
    expect(records.size).toBe(300);
    expect(new Set(postings).size).toBe(postings.length);
    expect(postings).toHaveLength(items.reduce((sum, { live }) => sum + (live?.length ?? 0), 0));
    expect(postings.filter((posting) => posting.startsWith('an image without record'))).toEqual([]);
    await eventually(
      () => run.messages(run.outputs.QueueUrl!),
      (left) => left === 0,
    );
    expect(await run.messages(run.outputs.DeadLetterQueueUrl!)).toBe(0);
  });

  test('answers with the record, its budget and its timings', async () => {
    const run = await start();
    const [photo] = await makePhotos(1, 2);
    await run.put('one.jpg', photo!, { 'latency-budget-ms': '1234' });
    await run.put('broken.jpg', Buffer.from('no image'));
    const record = await eventually(
      () => run.record('one.jpg'),
      (found) => found !== undefined,
    );
    expect(record).toMatchObject({
      image: { bucket: run.bucket, key: 'one.jpg' },
      budget: { latencyMs: 1234, met: true },
    });
    const { queueMs, fetchMs, decodeMs, inferMs, storeMs, totalMs } = record!.timings!;
    for (const each of [queueMs, fetchMs, decodeMs, inferMs, storeMs]) expect(each).toBeGreaterThanOrEqual(0);
    expect(totalMs).toBeGreaterThanOrEqual(fetchMs! + decodeMs + inferMs + storeMs! - 1);
    const broken = await eventually(
      () => run.record('broken.jpg'),
      (found) => found !== undefined,
    );
    expect(broken).toMatchObject({ outcome: 'rejected', reason: 'unsupported-format' });
    await run.remove('one.jpg');
    await eventually(
      () => run.record('one.jpg'),
      (found) => found === undefined,
    );
    expect(tableShape(await run.items()).postings).toEqual([]);
  });

  test('tags the images of a function that hung and was killed at its timeout', async () => {
    const run = await start();
    const photos = await makePhotos(6, 3);
    await run.put('first.jpg', photos[0]!);
    await eventually(
      () => run.record('first.jpg'),
      (found) => found !== undefined,
    );
    const hung = run.workers();
    for (const pid of hung) process.kill(pid, 'SIGSTOP');
    await Promise.all(photos.slice(1).map((photo, i) => run.put(`${i}.jpg`, photo)));
    await eventually(
      () => recordCount(run),
      (count) => count === 6,
      90_000,
    );
    expect(run.workers()).not.toEqual(expect.arrayContaining(hung));
    expect(await run.messages(run.outputs.DeadLetterQueueUrl!)).toBe(0);
  });

  test('records an image as failed and dead-letters it after the last receive; redriven, it is tagged', async () => {
    let broken = true;
    const s3 = ({ method, path }: { method: string; path: string }) =>
      broken && method === 'GET' && path.endsWith('/unlucky.jpg') ? 500 : undefined;
    const run = await start({ stack: { maxReceiveCount: 2 }, faults: { s3 } });
    const photos = await makePhotos(2, 4);
    await run.put('unlucky.jpg', photos[0]!);
    await run.put('lucky.jpg', photos[1]!);
    const failed = await eventually(
      () => run.record('unlucky.jpg'),
      (found) => found?.outcome === 'failed',
    );
    expect(failed).toMatchObject({ reason: 'gave-up' });
    await eventually(
      () => run.messages(run.outputs.DeadLetterQueueUrl!),
      (dead) => dead === 1,
    );
    await eventually(
      () => run.record('lucky.jpg'),
      (found) => found !== undefined,
    );

    broken = false;
    const { openStack, redrive } = await import('@tagmill/stack-client');
    const { QueueUrl, BackfillQueueUrl, DeadLetterQueueUrl, UploadBucketName, TableName, ApiUrl } = run.outputs;
    const { queue, deadLetters } = openStack({
      queueUrl: QueueUrl!,
      backfillQueueUrl: BackfillQueueUrl!,
      deadLetterQueueUrl: DeadLetterQueueUrl!,
      uploadBucket: UploadBucketName!,
      table: TableName!,
      api: ApiUrl!,
      endpoints: run.endpoints,
    });
    const elsewhere = { bucket: run.bucket, key: 'other.jpg' };
    expect(await redrive({ deadLetters, queue, image: elsewhere })).toEqual({ moved: 0, left: 1 });
    expect(await redrive({ deadLetters, queue, image: { bucket: run.bucket, key: 'unlucky.jpg' } })).toMatchObject({
      moved: 1,
    });
    const recovered = await eventually(
      () => run.record('unlucky.jpg'),
      (found) => found?.outcome !== 'failed',
    );
    expect(['tagged', 'empty']).toContain(recovered?.outcome);
  });

  test('does what the template says: its suffix filter and its batch size', async () => {
    const lines: string[] = [];
    const run = await start({
      stack: { suffix: '.jpg', batchSize: 1 },
      functionLog: (line) => lines.push(line),
    });
    const photos = await makePhotos(8, 5);
    await Promise.all(photos.map((photo, i) => run.put(`${i}.${i % 2 ? 'jpg' : 'jpeg'}`, photo)));
    await eventually(
      () => recordCount(run),
      (count) => count === 4,
    );
    expect(await run.record('0.jpeg')).toBeUndefined();
    const documents = lines
      .filter((line) => line.includes('"_aws"'))
      .map((line) => JSON.parse(line.slice(line.indexOf('{'))));
    expect(documents.length).toBeGreaterThanOrEqual(4);
    for (const { totalMs } of documents) expect([totalMs ?? []].flat().length).toBeLessThanOrEqual(1);
  });
});
