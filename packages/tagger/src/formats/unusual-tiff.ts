import { TagmillError } from '@tagmill/core';
import { MAX_DECODING_MS } from '../limits.ts';
import { loadLibvips, wrapDecodeErrors } from '../pixels/libvips.ts';
import type { RgbPixels } from '../pixels/scaling.ts';
import { labToSrgb } from './coded-colours.ts';
import type { TiffPicture, TiffSamples } from './tiff-picture.ts';

const ARRAYS = { uchar: Uint8Array, ushort: Uint16Array, uint: Uint32Array, float: Float32Array } as const;

/** What white is, by depth; of floating-point samples their range tells. */
const WHITE = { uchar: 255, ushort: 65_535, uint: 2 ** 32 - 1 } as const;

/** Below this part of white, a picture would be all but black: its range is another. Of floats, 255 is a guess as to what white is. */
const LEAST_OF_WHITE = 1 / 64;
const LEAST_OF_GUESSED_WHITE = 1 / 4;

/**
 * Reads a TIFF of floating-point or 32-bit samples, of Lab, or with more samples than a picture has: libvips gives all samples as they
 * are, and they are understood here, over white.
 *
 * @throws {TagmillError} `unsupported-format` if the samples' range is none of a picture; as libvips does.
 */
export async function unusualTiff({ file, samples }: Required<TiffPicture>): Promise<RgbPixels> {
  const sharp = await loadLibvips();
  const options = { failOn: 'error', pages: 1, limitInputPixels: false, sequentialRead: true } as const;
  return wrapDecodeErrors(async () => {
    const { space, depth } = await sharp(file, options).metadata();
    if (!space || !(depth! in ARRAYS))
      throw new TagmillError('unsupported-format', `TIFF of ${depth} is not supported`);
    const { data, info } = await sharp(file, options)
      .timeout({ seconds: MAX_DECODING_MS / 1000 })
      // Neither converted nor scaled.
      .pipelineColourspace(space)
      .toColourspace(space)
      .raw({ depth: depth as keyof typeof ARRAYS })
      .toBuffer({ resolveWithObject: true });
    const Samples = ARRAYS[depth as keyof typeof ARRAYS];
    const values = new Samples(data.buffer, data.byteOffset, data.length / Samples.BYTES_PER_ELEMENT);
    const white =
      samples.kind === 'lab' ? 255 : findWhite(values, info.channels, samples, depth as keyof typeof ARRAYS);
    return { data: paint(values, info, samples, white), width: info.width, height: info.height };
  });
}

type Values = InstanceType<(typeof ARRAYS)[keyof typeof ARRAYS]>;

function findWhite(values: Values, channels: number, { colours }: TiffSamples, depth: keyof typeof ARRAYS): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < values.length; at += channels) {
    for (let i = 0; i < colours; i++) {
      const value = values[at + i]!;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  // Of floats, those who write them mean 0 to 1, or the bytes that they were made from.
  const white = depth === 'float' ? (most <= 1 ? 1 : 255) : WHITE[depth];
  const part = depth === 'float' && white > 1 ? LEAST_OF_GUESSED_WHITE : LEAST_OF_WHITE;
  const isPicture = least >= 0 && most <= white && most >= white * part;
  if (isPicture || depth === 'uchar' || depth === 'ushort') return white;
  throw new TagmillError('unsupported-format', `TIFF of samples from ${least} to ${most} is not supported`);
}

function paint(
  values: Values,
  { width, height, channels }: { width: number; height: number; channels: number },
  { kind, colours, hasAlpha }: TiffSamples,
  white: number,
): Uint8Array {
  const pixels = new Uint8ClampedArray(width * height * 3);
  const pixel = [0, 0, 0];
  for (let from = 0, to = 0; to < pixels.length; from += channels, to += 3) {
    if (kind === 'lab') labToSrgb(values[from]!, values[from + 1]!, values[from + 2]!, pixel);
    else for (let i = 0; i < 3; i++) pixel[i] = values[from + (colours === 1 ? 0 : i)]! / white;
    const opacity = hasAlpha ? values[from + colours]! / white : 1;
    for (let i = 0; i < 3; i++) pixels[to + i] = 255 * (pixel[i]! * opacity + 1 - opacity);
  }
  return new Uint8Array(pixels.buffer);
}
