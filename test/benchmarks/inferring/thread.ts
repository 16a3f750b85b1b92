/** Infers its images as often as it is told to: see threads.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { SessionPool } from '@tagmill/tagger';
import type { Inferring } from './threads.ts';

const { variant, onnx, pixels } = workerData as Inferring;
const sessions = new SessionPool({ onnx: async () => onnx });
await sessions.preload(variant);
parentPort!.on('message', async () => {
  for (const each of pixels) await sessions.infer(variant, each);
  parentPort!.postMessage('done');
});
parentPort!.postMessage('ready');
