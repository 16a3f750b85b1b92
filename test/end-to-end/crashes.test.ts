import fs from 'node:fs';
import path from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import sharp from 'sharp';
import { makePhotos } from '../helpers/photos.ts';
import { eventually, type Pipeline, startPipeline } from '../helpers/pipeline-stack.ts';

jest.setTimeout(180_000);

const SEED = 20_260_101;
/** Bytes after the end of a JPEG, where decoders don't look. */
const FATAL = Buffer.from('this crashes the decoder');

let pipeline: Pipeline | undefined;
afterAll(() => pipeline?.close());

/** No real file is known to crash sharp, so its native part is given a fault: the process ends as by one in libvips. */
function plantFault(functions: string): void {
  const images = path.join(functions, 'tag-images/node_modules/@img');
  const native = fs.readdirSync(images).find((name) => !name.startsWith('sharp-libvips'))!;
  const entry = path.join(images, native, 'index.cjs');
  fs.renameSync(entry, path.join(images, native, 'original.cjs'));
  fs.writeFileSync(
    entry,
    `const sharp = require('./original.cjs');
     const faulty = (work) => (options, ...rest) => {
       if (options.input.buffer && Buffer.from(options.input.buffer).includes('${FATAL}')) process.abort();
       return work(options, ...rest);
     };
     module.exports = { ...sharp, metadata: faulty(sharp.metadata), pipeline: faulty(sharp.pipeline) };`,
  );
}

test('an image that crashes its decoder takes down one worker, and the others of its batch are tagged', async () => {
  const photos = await makePhotos(5, SEED);
  const killed: string[] = [];
  pipeline = await startPipeline({
    afterBundling: plantFault,
    // A window, so that all of them are one batch.
    stack: { timeoutSeconds: 5, batchWindowSeconds: 2, visibilityTimeoutSeconds: 32, memoryMb: 1536 },
    log: (line) => line.includes('comes again') && killed.push(line),
  });
  // Progressive, so that it is libvips that decodes it.
  const progressive = await sharp(photos[0]!).jpeg({ progressive: true }).toBuffer();
  await pipeline.put('0-fatal.jpg', Buffer.concat([progressive, FATAL]));
  await Promise.all(photos.slice(1).map((photo, i) => pipeline!.put(`${i + 1}.jpg`, photo)));

  const keys = ['0-fatal.jpg', '1.jpg', '2.jpg', '3.jpg', '4.jpg'];
  const records = await eventually(
    () => Promise.all(keys.map((key) => pipeline!.record(key))),
    (found) => found.every(Boolean),
    150_000,
  );
  expect(records[0]).toMatchObject({ outcome: 'rejected', reason: 'crashed-decoder' });
  for (const record of records.slice(1)) expect(record!.outcome).toMatch(/^(tagged|empty)$/);
  expect(killed).toHaveLength(1);
  expect(await pipeline.messages(pipeline.outputs.DeadLetterQueueUrl!)).toBe(0);
});
