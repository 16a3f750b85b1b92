/** Tags the files that tagging-processes.ts names, in a process that may be killed at any time. */
import module from 'node:module';
import { TagmillError } from '@tagmill/core';
import type { ProcessAnswer, ProcessModel, ProcessRequest } from './tagging-processes.ts';

type RecordFile = (file: string) => Promise<ProcessAnswer>;

// Not `process.exit`, which waits until the image is done.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));

// Loaded while the model is read elsewhere.
const modules = Promise.all([
  import('@tagmill/tagger'),
  import('@tagmill/variants/model-file'),
  import('./file-record.ts'),
  import('p-limit'),
]);
const opened = Promise.withResolvers<RecordFile>();

process.on('message', async (request: ProcessRequest) => {
  try {
    if ('model' in request) {
      opened.resolve(open(request.model));
      await opened.promise;
      answer({ opened: true });
      // It is killed in the end, and would leave nothing.
      module.flushCompileCache();
    } else {
      const recordFile = await opened.promise;
      answer(await recordFile(request.file));
    }
  } catch (error) {
    if (!(error instanceof TagmillError)) throw error;
    // Nothing that is asked afterwards could be answered.
    answer({ error: { code: error.code, message: error.message } }, () => process.exit(1));
  }
});

/** Whoever asked may be gone: then it is told by the disconnection. */
function answer(content: ProcessAnswer, then: () => void = () => undefined): void {
  process.send?.(content, then);
}

async function open({
  variant,
  labels,
  thresholds,
  taught,
  top,
  minConfidence,
  crops,
  concurrency,
}: ProcessModel): Promise<RecordFile> {
  const [{ isDecodedApart, Tagger }, { loadOnnx }, { recordFile }, { default: pLimit }] = await modules;
  const heads = taught && (await (await import('../models/taught-tags.ts')).openTaught(taught));
  const tagger = new Tagger({
    onnx: loadOnnx,
    labels: async () => labels,
    thresholds: async () => thresholds,
    topN: top,
    minConfidence,
    crops,
    ...(heads && { taught: heads }),
  });
  await tagger.preload(variant);
  const limit = pLimit(concurrency);
  const { limits } = tagger;
  // What has to be decoded apart is declined: there is one decoder for all processes.
  const tag = (bytes: Uint8Array) => tagger.tag(bytes, (header) => (isDecodedApart(header) ? undefined : variant));
  return (file) =>
    limit(async () => {
      const record = await recordFile(file, { limits, tag });
      return record ? { file, record } : { file };
    });
}
