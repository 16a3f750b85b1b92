import type { Sharp } from 'sharp';
import { eighthJpeg, isEighthJpeg } from './eighth-jpeg.ts';
import { firstFrame } from './first-frame.ts';
import { decodeHeic } from './heic.ts';
import type { ImageHeader } from './inspect.ts';
import { decoding, libvips } from './libvips.ts';
import { MAX_DECODING_MS } from './limits.ts';
import { centreMargin, type RgbPixels, type Scaling } from './scaling.ts';
import { isSmallJpeg, smallJpeg } from './small-jpeg.ts';

/**
 * Decodes the first frame at a size, over white, in sRGB, with an antialiased triangle filter: as it is stored, except that
 * a HEIC is upright already.
 *
 * @param header what was held against the limits.
 * @throws {TagmillError} `corrupt` if the image is damaged or cut off; `timeout`.
 */
export async function scaledPicture(bytes: Uint8Array, header: ImageHeader, scaling: Scaling): Promise<RgbPixels> {
  const direct = isEighthJpeg(header, scaling)
    ? eighthJpeg(bytes, header, scaling)
    : isSmallJpeg(header, scaling) && (await smallJpeg(bytes, header, scaling));
  if (direct) return direct;
  const { width, height, fit, centre } = scaling;
  const picture = (await open(bytes, header))
    .timeout({ seconds: MAX_DECODING_MS / 1000 })
    .resize(width, height, { fit, kernel: 'linear', withoutEnlargement: fit === 'inside' });
  if (centre) {
    const [left, top] = [centreMargin(width, centre), centreMargin(height, centre)];
    picture.extract({ left, top, width: centre, height: centre });
  }
  const { data, info } = await decoding(() =>
    picture.flatten({ background: 'white' }).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true }),
  );
  return { data, width: info.width, height: info.height };
}

async function open(bytes: Uint8Array, { format, width, height, encoding }: ImageHeader): Promise<Sharp> {
  const sharp = await libvips();
  const options = { limitInputPixels: false, sequentialRead: true } as const;
  if (format === 'heic') {
    const pixels = await decodeHeic(bytes, { maxPixels: width * height });
    return sharp(pixels.data, { ...options, raw: { width: pixels.width, height: pixels.height, channels: 4 } });
  }
  const image = sharp(firstFrame(bytes, format), { ...options, failOn: 'error', pages: 1 });
  // Left to itself, sharp works on 16 bits in Display P3, and never leaves it. Said for 8 bits, it would cost the reduced size.
  return encoding.bitsPerSample > 8 ? image.pipelineColourspace('srgb') : image;
}
