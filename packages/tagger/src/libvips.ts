import { TagmillError } from '@tagmill/core';
import sharp from 'sharp';

// Images are decoded side by side; more threads in each would only contend. Nothing is decoded twice, so nothing is cached.
sharp.concurrency(1);
sharp.cache(false);

// Of libvips' loaders only these, and only from memory: what formatOf lets through.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif', 'Tiff'].map((format) => `VipsForeignLoad${format}Buffer`),
});

export { sharp };

/** Runs what libvips does to an image; that it can't is the image's fault: nothing else goes in. */
export async function decoding<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof TagmillError) throw cause;
    const [detail] = (cause instanceof Error ? cause.message : String(cause)).trim().split('\n');
    throw new TagmillError('corrupt', `The image cannot be decoded: ${detail}`, { cause });
  }
}
