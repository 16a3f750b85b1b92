import type { Preprocessing } from '@tagmill/core';
import pLimit from 'p-limit';
import type { Sharp } from 'sharp';
import { decodeHeic } from './heic.ts';
import { factsOf, type ImageHeader, knowing } from './inspect.ts';
import { decoding, sharp } from './libvips.ts';
import { LIGHT_DECODING_BYTES } from './memory.ts';
import { upright } from './orientation.ts';

/** Images that take much memory are decoded one at a time, so that however many are in flight, memory is bounded. */
const oneHeavyAtATime = pLimit(1);

/**
 * Decodes an image into a network's input: the first frame, upright, over white, in sRGB, scaled with an antialiased
 * triangle filter.
 *
 * @param header what {@link inspect} said of these bytes.
 * @returns inputSize x inputSize x 3 bytes: RGB, row by row.
 * @throws {InspectionError} `corrupt` if the image is damaged or cut off.
 */
export function decode(bytes: Uint8Array, header: ImageHeader, preprocessing: Preprocessing): Promise<Uint8Array> {
  const work = () => knowing(factsOf(header), () => decodeSquare(bytes, header, preprocessing));
  return header.encoding.decodingBytes > LIGHT_DECODING_BYTES ? oneHeavyAtATime(work) : work();
}

async function decodeSquare(
  bytes: Uint8Array,
  header: ImageHeader,
  { inputSize, fit, centralFraction }: Preprocessing,
): Promise<Uint8Array> {
  // Scaled so that the central part is what is wanted, cut then, and only then turned: a JPEG that is cut or turned first
  // is decoded in full, and not at a reduced size. A square's centre is the same either way up.
  const scaled = Math.round(inputSize / centralFraction);
  const margin = Math.floor((scaled - inputSize) / 2);
  const image = await source(bytes, header);
  const square = await decoding(() =>
    image
      .resize(scaled, scaled, { fit: fit === 'squash' ? 'fill' : 'cover', kernel: 'linear' })
      .extract({ left: margin, top: margin, width: inputSize, height: inputSize })
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .raw()
      .toBuffer(),
  );
  return upright(square, inputSize, header.encoding.orientation);
}

async function source(bytes: Uint8Array, { format, width, height, encoding }: ImageHeader): Promise<Sharp> {
  // The header was held against the limits by now.
  const options = { limitInputPixels: false, sequentialRead: true } as const;
  if (format === 'heic') {
    const pixels = await decodeHeic(bytes, { maxPixels: width * height });
    return sharp(pixels.data, { ...options, raw: { width: pixels.width, height: pixels.height, channels: 4 } });
  }
  const image = sharp(bytes, { ...options, failOn: 'error', pages: 1 });
  // Left to itself, sharp works on 16 bits in Display P3, and never leaves it. Said for 8 bits, it would cost the reduced size.
  return encoding.bitsPerSample > 8 ? image.pipelineColourspace('srgb') : image;
}
