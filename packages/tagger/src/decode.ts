import type { ImageFormat, Preprocessing } from '@tagmill/core';
import { attachFacts, type ImageHeader, pickFacts } from './inspect.ts';
import { runIsolated } from './isolation/isolated-decoder.ts';
import { LIGHT_DECODING_BYTES } from './isolation/memory.ts';
import { turnUpright } from './pixels/orientation.ts';
import { decodeScaledPicture } from './pixels/scaled.ts';
import type { RgbPixels, Scaling } from './pixels/scaling.ts';

/**
 * libheif's. A few bytes may ask for any number of frames. The header doesn't tell, and only a kill ends it. HEIC is decoded in
 * WebAssembly, on the thread that asks, in memory that is never given back.
 */
const ISOLATED_FORMATS: readonly ImageFormat[] = ['avif', 'heic'];

export interface Isolation {
  /** Whether a process of its own inspects and decodes the image, so that a fault of a decoder's can't end this one. */
  isIsolated?: boolean;
}

/**
 * Decodes an image into a network's input: the first frame, upright, over white, in sRGB, scaled with an antialiased
 * triangle filter.
 *
 * @param header what {@link inspect} said of these bytes.
 * @returns inputSize x inputSize x 3 bytes: RGB, row by row.
 * @throws {InspectionError} `corrupt` if the image is damaged or cut off, `crashed-decoder` if it crashed the decoder twice.
 * @param isolation whether to decode it in a process of its own, whatever it is.
 * @throws {TagmillError} `timeout`.
 */
export async function decode(
  bytes: Uint8Array,
  header: ImageHeader,
  { inputSize, fit, centralFraction }: Preprocessing,
  isolation: Isolation = {},
): Promise<Uint8Array> {
  // Scaled until the central part has the wanted size, then cut, then turned. A JPEG that is cut or turned first would be decoded in
  // full. A square's centre is the same either way up.
  const side = Math.round(inputSize / centralFraction);
  const scaling = { width: side, height: side, fit: fit === 'squash' ? 'fill' : 'cover', centre: inputSize } as const;
  const centre = await decodeScaled(bytes, header, scaling, isolation);
  return turnUpright(centre, header.encoding.orientation).data;
}

/**
 * Decodes an image at a size, not turned yet: see {@link decodeScaledPicture}. What takes much memory, or may take any time, is
 * done in a process of its own, one at a time; the rest here, side by side. Errors carry what is known of the image.
 */
export function decodeScaled(
  bytes: Uint8Array,
  header: ImageHeader,
  scaling: Scaling,
  { isIsolated = false }: Isolation = {},
): Promise<RgbPixels> {
  return attachFacts(pickFacts(header), () =>
    isIsolated || isDecodedApart(header)
      ? runIsolated({ bytes, header, scaling })
      : decodeScaledPicture(bytes, header, scaling),
  );
}

/** Whether an image is decoded in a process of its own, one at a time, whoever asks. */
export function isDecodedApart({ format, encoding }: ImageHeader): boolean {
  return encoding.decodingBytes > LIGHT_DECODING_BYTES || ISOLATED_FORMATS.includes(format);
}
