import type { Preprocessing } from '@tagmill/core';
import { decodeScaled, type Isolation } from '../decode.ts';
import type { ImageHeader } from '../inspect.ts';
import { loadLibvips } from './libvips.ts';
import { toDisplayedSize, turnUpright } from './orientation.ts';
import { centreMargin, type RgbPixels, type Scaling } from './scaling.ts';
import { cutSquare } from './square.ts';

/** What {@link decodeCrops} makes of an image. */
export const CROPS = 5;

/** A corner's side, of the picture's short one: Krizhevsky et al. 2012, section 4.1, took 224 of 256 pixels. */
const CORNER_FRACTION = 0.875;

/** What is wider or higher than so many times the other side is looked at in its middle: it would be as long as it likes. */
const MAX_ASPECT = 4;

/**
 * Decodes an image once into five inputs of a network: first what {@link decode} makes of it, then the four corners, where a
 * wide picture has what its centre hasn't. Corners of a picture that is no larger than the input are enlarged.
 *
 * @returns 5 x inputSize x inputSize x 3 bytes.
 * @throws as {@link decode}.
 */
export async function decodeCrops(
  bytes: Uint8Array,
  header: ImageHeader,
  { inputSize, fit, centralFraction }: Preprocessing,
  isolation: Isolation = {},
): Promise<Uint8Array> {
  const short = Math.round(inputSize / centralFraction);
  const picture = await decodeScaled(bytes, header, chooseScaling(header, short, fit), isolation);
  const corner = Math.min(inputSize, Math.round(short * CORNER_FRACTION));
  const [right, bottom] = [picture.width - corner, picture.height - corner];
  // Turned one by one: which corner is which doesn't matter.
  const corners = [[0, 0] as const, [right, 0] as const, [0, bottom] as const, [right, bottom] as const].map(
    ([left, top]) => enlarge(cutSquare(picture, left, top, corner), corner, inputSize),
  );
  const squares = await Promise.all([cutCentre(picture, short, inputSize), ...corners]);
  return Buffer.concat(
    squares.map((data) => turnUpright({ data, width: inputSize, height: inputSize }, header.encoding.orientation).data),
  );
}

/** The picture at the scale that {@link decode} brings it to, before it is cut. */
function chooseScaling({ width, height, encoding }: ImageHeader, short: number, fit: Preprocessing['fit']): Scaling {
  if (fit === 'squash') return { width: short, height: short, fit: 'fill' };
  if (Math.max(width, height) <= MAX_ASPECT * Math.min(width, height)) {
    return { width: short, height: short, fit: 'outside' };
  }
  const long = short * MAX_ASPECT;
  const stored = toDisplayedSize({ width, height }, encoding.orientation);
  return stored.width > stored.height
    ? { width: long, height: short, fit: 'cover' }
    : { width: short, height: long, fit: 'cover' };
}

/** The centre of the square that sharp's `cover` cuts: an odd margin is larger at the left and the top. */
function cutCentre(picture: RgbPixels, short: number, inputSize: number): Uint8Array {
  const margin = centreMargin(short, inputSize);
  const [left, top] = [picture.width, picture.height].map((side) => Math.ceil((side - short) / 2) + margin);
  return cutSquare(picture, left!, top!, inputSize);
}

async function enlarge(square: Uint8Array, side: number, wanted: number): Promise<Uint8Array> {
  if (side === wanted) return square;
  const sharp = await loadLibvips();
  return sharp(square, { raw: { width: side, height: side, channels: 3 } })
    .resize(wanted, wanted, { kernel: 'linear' })
    .raw()
    .toBuffer();
}
