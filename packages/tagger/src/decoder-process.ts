/** Decodes what isolated-decoder.ts sends, one image after the other, in a process that may be killed at any time. */
import { TagmillError } from '@tagmill/core';
import type { DecoderAnswer, DecoderJob } from './isolated-decoder.ts';
import { scaledPicture } from './scaled.ts';

process.on('message', async ({ bytes, header, scaling }: DecoderJob) => {
  process.send?.(await answerTo({ bytes, header, scaling }));
});

// Not `process.exit`, which waits until the image is done.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));

async function answerTo({ bytes, header, scaling }: DecoderJob): Promise<DecoderAnswer> {
  try {
    return { pixels: await scaledPicture(bytes, header, scaling) };
  } catch (error) {
    const { code, message } =
      error instanceof TagmillError ? error : { code: 'internal' as const, message: String(error) };
    return { error: { code, message } };
  }
}
