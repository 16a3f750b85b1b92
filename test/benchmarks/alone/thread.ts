/** Decodes or infers its images as often as it is told to: see threads.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { decode, SessionPool } from '@tagmill/tagger';
import pMap from 'p-map';
import type { Photo, Work } from './threads.ts';

/** As many as a tagging process has in flight. */
const IN_FLIGHT = 2;

const { variant, onnx, photos } = workerData as Work;
const sessions = new SessionPool({ onnx: async () => onnx });
const decodeOne = ({ bytes, header }: Photo) => decode(bytes, header, variant.preprocessing);
const pixels = await pMap(photos, decodeOne, { concurrency: IN_FLIGHT });
await sessions.preload(variant);

parentPort!.on('message', async (what: 'decode' | 'infer') => {
  if (what === 'decode') await pMap(photos, decodeOne, { concurrency: IN_FLIGHT });
  else for (const each of pixels) await sessions.infer(variant, each);
  parentPort!.postMessage('done');
});
parentPort!.postMessage('ready');
