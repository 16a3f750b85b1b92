import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Variant } from '@tagmill/core';

/** What a thread infers: a variant's model, and its input for each image. */
export interface Inferring {
  variant: Variant;
  onnx: Uint8Array;
  pixels: readonly Uint8Array[];
}

/** Starts so many threads, each with a session of its own and a part of the images. */
export async function startInferring(count: number, { variant, onnx, pixels }: Inferring) {
  const threads = Array.from({ length: count }, (_, i) => {
    const workerData: Inferring = { variant, onnx, pixels: pixels.filter((_, image) => image % count === i) };
    return new Worker(path.join(import.meta.dirname, 'thread.ts'), { workerData });
  });
  /** Until each thread has said something. */
  const all = () => Promise.all(threads.map((thread) => once(thread, 'message')));
  await all();
  return {
    inferAll: () => {
      const done = all();
      for (const thread of threads) thread.postMessage('infer');
      return done;
    },
    end: () => Promise.all(threads.map((thread) => thread.terminate())),
  };
}
