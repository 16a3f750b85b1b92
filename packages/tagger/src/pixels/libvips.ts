import { TagmillError } from '@tagmill/core';
import { MAX_DECODING_MS } from '../limits.ts';

let loading: Promise<typeof import('sharp')['default']> | undefined;

/** sharp, set up. It is loaded when it is first asked for: most JPEGs get along without. */
export function loadLibvips(): Promise<typeof import('sharp')['default']> {
  loading ??= load();
  return loading;
}

async function load(): Promise<typeof import('sharp')['default']> {
  const { default: sharp } = await import('sharp');
  // Images are decoded side by side; more threads in each would only contend. Nothing is decoded twice, so nothing is cached.
  sharp.concurrency(1);
  sharp.cache(false);
  // Of libvips' loaders only these, and only from memory: what detectFormat lets through.
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif', 'Tiff'].map((format) => `VipsForeignLoad${format}Buffer`),
  });
  return sharp;
}

/**
 * Runs libvips on an image. If libvips fails, that is the image's fault: nothing else goes in.
 *
 * @throws {TagmillError} `corrupt`; `timeout`, which libvips tells by its message alone.
 */
export async function wrapDecodeErrors<Result>(work: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof TagmillError) throw cause;
    const [detail] = (cause instanceof Error ? cause.message : String(cause)).trim().split('\n');
    if (performance.now() - start >= MAX_DECODING_MS) {
      throw new TagmillError('timeout', `Decoding took longer than ${MAX_DECODING_MS} ms`, { cause, retryable: true });
    }
    throw new TagmillError('corrupt', `The image cannot be decoded: ${detail}`, { cause });
  }
}
