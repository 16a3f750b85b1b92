import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Variant } from '@tagmill/core';
import type { ImageHeader } from '@tagmill/tagger';

export interface Photo {
  bytes: Uint8Array;
  header: ImageHeader;
}

/** What a thread decodes and infers: photos, and a variant's model. */
export interface Work {
  variant: Variant;
  onnx: Uint8Array;
  photos: readonly Photo[];
}

/** Starts so many threads, each with a session of its own and a part of the photos. */
export async function startThreads(count: number, { variant, onnx, photos }: Work) {
  const threads = Array.from({ length: count }, (_, i) => {
    const workerData: Work = { variant, onnx, photos: photos.filter((_, image) => image % count === i) };
    return new Worker(path.join(import.meta.dirname, 'thread.ts'), { workerData });
  });
  /** Until each thread has said something. */
  const all = () => Promise.all(threads.map((thread) => once(thread, 'message')));
  await all();
  return {
    run: (what: 'decode' | 'infer') => {
      const done = all();
      for (const thread of threads) thread.postMessage(what);
      return done;
    },
    end: () => Promise.all(threads.map((thread) => thread.terminate())),
  };
}
