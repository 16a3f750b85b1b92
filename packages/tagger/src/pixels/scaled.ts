import type { Sharp } from 'sharp';
import { type ColourSpace, readColourSpace, toSrgb } from '../formats/coded-colours.ts';
import { firstFrame } from '../formats/first-frame.ts';
import { paintFrame, partialFrame } from '../formats/gif-frame.ts';
import { decodeHeic } from '../formats/heic.ts';
import { readHeifProperties } from '../formats/heif-properties.ts';
import { throughProfile } from '../formats/icc.ts';
import { readPngColours } from '../formats/png-colours.ts';
import { readTiffPicture, type TiffPicture, tiffSamples } from '../formats/tiff-picture.ts';
import { unusualTiff } from '../formats/unusual-tiff.ts';
import type { ImageHeader } from '../inspect.ts';
import { decodeEighthJpeg, isEighthJpeg } from '../jpeg/eighth-jpeg.ts';
import { withJpegEnd } from '../jpeg/jpeg-end.ts';
import { decodeSmallJpeg, isSmallJpeg } from '../jpeg/small-jpeg.ts';
import { MAX_DECODING_MS } from '../limits.ts';
import { loadLibvips, wrapDecodeErrors } from './libvips.ts';
import { toDisplayedSize } from './orientation.ts';
import { centreMargin, type RgbPixels, type Scaling, type Size } from './scaling.ts';

/**
 * Decodes the first frame at a size, over white, in sRGB, with an antialiased triangle filter: as it is stored, except that
 * a HEIC is upright already.
 *
 * @param header what was held against the limits.
 * @throws {TagmillError} `corrupt` if the image is damaged or cut off; `timeout`; `unsupported-format` for samples that are none of a
 * picture.
 */
export async function decodeScaledPicture(
  given: Uint8Array,
  header: ImageHeader,
  scaling: Scaling,
): Promise<RgbPixels> {
  const bytes = header.format === 'jpeg' ? withJpegEnd(given, header.encoding.jpegSegments) : given;
  const direct = isEighthJpeg(header, scaling)
    ? decodeEighthJpeg(bytes, header, scaling)
    : isSmallJpeg(header, scaling) && (await decodeSmallJpeg(bytes, header, scaling));
  if (direct) return direct;
  const { width, height, fit, centre } = scaling;
  const { picture, space, profile } = await open(bytes, header, { isMended: bytes !== given });
  picture
    .timeout({ seconds: MAX_DECODING_MS / 1000 })
    .resize(width, height, { fit, kernel: 'linear', withoutEnlargement: fit === 'inside' });
  if (centre) {
    const [left, top] = [centreMargin(width, centre), centreMargin(height, centre)];
    picture.extract({ left, top, width: centre, height: centre });
  }
  picture.flatten({ background: 'white' });
  if (space) {
    // Colours are changed when it is small.
    const { data, info } = await wrapDecodeErrors(() =>
      picture.toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer({ resolveWithObject: true }),
    );
    return toSrgb(new Uint16Array(data.buffer, data.byteOffset, data.length / 2), info, space);
  }
  const { data, info } = await wrapDecodeErrors(() =>
    picture.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true }),
  );
  const rgb = { data, width: info.width, height: info.height };
  return profile ? throughProfile(rgb, profile) : rgb;
}

/** What is left to do is said beside it: samples are of a colour space, or of a profile, that libvips doesn't know. */
interface OpenPicture {
  picture: Sharp;
  space?: ColourSpace | undefined;
  profile?: Buffer | undefined;
}

async function open(
  bytes: Uint8Array,
  { format, width, height, encoding }: ImageHeader,
  { isMended }: { isMended: boolean },
): Promise<OpenPicture> {
  const sharp = await loadLibvips();
  const options = { limitInputPixels: false, sequentialRead: true } as const;
  const ofPixels = ({ data, ...size }: RgbPixels, channels: 3 | 4) =>
    sharp(data, { ...options, raw: { width: size.width, height: size.height, channels } });
  if (format === 'heic') return openHeic(bytes, { width, height }, ofPixels);
  if (format === 'tiff' && tiffSamples(bytes)) {
    return { picture: ofPixels(await unusualTiff(readTiffPicture(bytes) as Required<TiffPicture>), 3) };
  }
  const frame = format === 'gif' ? partialFrame(bytes) : undefined;
  if (frame) return { picture: ofPixels(await paintFrame(frame, { width, height }), 3) };
  const space = codedSpace(bytes, format);
  const image = sharp(firstFrame(bytes, format), { ...options, failOn: isMended ? 'warning' : 'error', pages: 1 });
  // All of what may lack something is decoded in full: at a reduced size, libvips doesn't hear of what is missing in the last rows.
  if (isMended) image.extract({ left: 0, top: 0, ...toDisplayedSize({ width, height }, encoding.orientation) });
  if (space) return { picture: image.pipelineColourspace('rgb16'), space };
  // Left to itself, sharp works on 16 bits in Display P3, and never leaves it. Said for 8 bits, it would cost the reduced size.
  return { picture: encoding.bitsPerSample > 8 ? image.pipelineColourspace('srgb') : image };
}

async function openHeic(
  bytes: Uint8Array,
  size: Size,
  ofPixels: (pixels: RgbPixels, channels: 4) => Sharp,
): Promise<OpenPicture> {
  const { colours, colourProfile, crop, wholeSize = size } = readHeifProperties(bytes);
  const picture = ofPixels(await decodeHeic(bytes, { maxPixels: wholeSize.width * wholeSize.height }), 4);
  return {
    picture: crop ? picture.extract(crop) : picture,
    space: colours && readColourSpace(colours),
    profile: colourProfile,
  };
}

function codedSpace(bytes: Uint8Array, format: ImageHeader['format']): ColourSpace | undefined {
  if (format === 'png') return readPngColours(bytes);
  const { colours } = format === 'avif' ? readHeifProperties(bytes) : {};
  return colours && readColourSpace(colours);
}
