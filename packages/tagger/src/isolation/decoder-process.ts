/** Does what isolated-decoder.ts sends, one image after the other, in a process that may be killed at any time. */
import { TagmillError } from '@tagmill/core';
import { InspectionError, inspect } from '../inspect.ts';
import { decodeScaledPicture } from '../pixels/scaled.ts';
import type { DecoderAnswer, DecoderJob } from './isolated-decoder.ts';

process.on('message', async (job: DecoderJob) => {
  process.send?.(await answerTo(job));
});

// Not `process.exit`, which waits until the image is done.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));

async function answerTo(job: DecoderJob): Promise<DecoderAnswer> {
  try {
    if ('limits' in job) return { result: await inspect(job.bytes, job.limits) };
    return { result: await decodeScaledPicture(job.bytes, job.header, job.scaling) };
  } catch (error) {
    if (!(error instanceof TagmillError)) return { error: { code: 'internal', message: String(error) } };
    const { code, message } = error;
    return { error: { code, message, ...(error instanceof InspectionError && { facts: error.facts }) } };
  }
}
