import { crc32, deflateSync } from 'node:zlib';
import { loadLibvips, wrapDecodeErrors } from '../pixels/libvips.ts';
import type { RgbPixels } from '../pixels/scaling.ts';

/** Where a PNG's header chunk ends, and its profile may stand. */
const HEADER_END = 33;

/**
 * Changes a picture into sRGB by its colour profile. libvips takes a profile from a file only: so it gets one.
 *
 * @returns the picture as it is, if the profile is none of red, green and blue.
 */
export async function throughProfile(picture: RgbPixels, profile: Buffer): Promise<RgbPixels> {
  if (profile.toString('latin1', 16, 20) !== 'RGB ') return picture;
  const { data, width, height } = picture;
  const sharp = await loadLibvips();
  const png = await sharp(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const content = Buffer.concat([Buffer.from('iCCPprofile\0\0', 'latin1'), deflateSync(profile)]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length - 4);
  checksum.writeUInt32BE(crc32(content));
  const file = Buffer.concat([png.subarray(0, HEADER_END), length, content, checksum, png.subarray(HEADER_END)]);
  return { width, height, data: await wrapDecodeErrors(() => sharp(file).toColourspace('srgb').raw().toBuffer()) };
}
