import { DEFAULT_LIMITS, inspect } from '../src/index.ts';
import { decodeScaledPicture } from '../src/pixels/scaled.ts';
import type { RgbPixels, Scaling } from '../src/pixels/scaling.ts';

/** libvips' picture of a JPEG that another decoder would take: libvips gets it, since its header is made to say progressive. */
export async function decodedByLibvips(bytes: Buffer, scaling: Scaling): Promise<RgbPixels> {
  const header = await inspect(bytes, DEFAULT_LIMITS);
  return decodeScaledPicture(bytes, { ...header, encoding: { ...header.encoding, progressive: true } }, scaling);
}
