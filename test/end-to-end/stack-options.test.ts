import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { makePhotos } from '../helpers/photos.ts';
import { eventually, type Pipeline, startPipeline } from '../helpers/pipeline-stack.ts';

jest.setTimeout(240_000);

let pipeline: Pipeline;
beforeAll(async () => {
  const budgetRules = Array.from({ length: 120 }, (_, i) => ({ prefix: `customers/${i}/`, latencyMs: 1000 + i }));
  pipeline = await startPipeline({
    stack: { stackName: 'Photos-2', uploadBucketName: 'photos-{region}', budgetRules },
  });
});
afterAll(() => pipeline?.close());

test('a stack of another name, a chosen bucket and 120 budget rules tags an image within the budget of its prefix', async () => {
  const [photo] = await makePhotos(1, 7);
  await pipeline.put('customers/77/a.jpg', photo!);
  const record = await eventually(
    () => pipeline.record('customers/77/a.jpg'),
    (found) => found?.outcome !== undefined,
  );
  expect(record).toMatchObject({
    image: { bucket: 'photos-us-east-1' },
    budget: { latencyMs: 1077 },
  });
  expect(pipeline.outputs.TableName).toMatch(/^Photos-2-/);
});
