import { DEFAULT_LIMITS, inspect } from '../src/index.ts';
import { decodeScaledPicture } from '../src/pixels/scaled.ts';
import type { RgbPixels, Scaling } from '../src/pixels/scaling.ts';

/** What libvips makes of a JPEG, whatever else could decode it: it is asked for what is said to be progressive. */
export async function decodedByLibvips(bytes: Buffer, scaling: Scaling): Promise<RgbPixels> {
  const header = await inspect(bytes, DEFAULT_LIMITS);
  return decodeScaledPicture(bytes, { ...header, encoding: { ...header.encoding, progressive: true } }, scaling);
}
