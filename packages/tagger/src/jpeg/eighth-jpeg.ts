import { colourChange } from '../formats/colour-profile.ts';
import type { ImageHeader } from '../inspect.ts';
import type { RgbPixels, Scaling, Size } from '../pixels/scaling.ts';
import { TriangleFilter } from '../pixels/triangle-filter.ts';
import { baselineJpegFactor } from './baseline-jpeg.ts';
import { BLOCK, decodeJpegMeans, type JpegMeans } from './jpeg-means.ts';
import { type JpegScan, readJpegScan } from './jpeg-scan.ts';

/** As sharp has it: what is reduced by a little more than 8 would hardly be smoothed. */
const LEAST_FACTOR = 9;

/** 67 megapixels: no more memory than a small JPEG takes. */
const MAX_BLOCKS = 2 ** 20;

/** Memory for a file's data is kept, up to this. */
const MAX_BYTES = 16 * 2 ** 20;

let filter: TriangleFilter | undefined;

/** Whether {@link decodeEighthJpeg} may be asked: the picture is reduced enough, and needs nothing that only libvips does. */
export function isEighthJpeg(header: ImageHeader, scaling: Scaling): boolean {
  const { width, height, bytes } = header;
  const factor = baselineJpegFactor(header, scaling);
  const isReduced = factor !== undefined && factor >= LEAST_FACTOR;
  return isReduced && width * height <= MAX_BLOCKS * BLOCK ** 2 && bytes <= MAX_BYTES;
}

/**
 * Decodes a large JPEG at a small size, from the means of its blocks: it takes half as long as libvips, which decodes it at an eighth, too.
 *
 * @returns nothing if the file is of another kind than {@link readJpegScan} reads, or has a fault: then it is libvips that judges.
 */
export function decodeEighthJpeg(bytes: Uint8Array, header: ImageHeader, scaling: Scaling): RgbPixels | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const toSrgb = colourChange(file, header);
  const scan = toSrgb && readJpegScan(file, header.encoding.jpegSegments);
  if (!scan || scan.width * scan.height !== header.width * header.height) return undefined;
  const means = decodeJpegMeans(file, scan);
  if (!means) return undefined;
  // Whole blocks only: the others hold something outside of the picture.
  const size = { width: Math.floor(scan.width / BLOCK), height: Math.floor(scan.height / BLOCK) };
  filter ??= new TriangleFilter();
  paint(means, scan, { size, pixels: filter.pixels(size) });
  return toSrgb(filter.scaled(size, scaling));
}

/** From YCbCr to RGB: JFIF (ITU-T T.871), 7. Chroma isn't smoothed. */
function paint(
  { means, unitsAcross, unitBlocks }: JpegMeans,
  { components: [luma, chroma] }: JpegScan,
  { size, pixels }: { size: Size; pixels: Buffer },
): void {
  const rgbx = new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, pixels.length);
  const [right, down] = [luma.across - 1, luma.down - 1];
  let to = 0;
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++, to += 4) {
      const unit = ((y >> down) * unitsAcross + (x >> right)) * unitBlocks;
      const light = means[unit + (y & down) * luma.across + (x & right)]!;
      const cb = chroma ? means[unit + unitBlocks - 2]! - 128 : 0;
      const cr = chroma ? means[unit + unitBlocks - 1]! - 128 : 0;
      rgbx[to] = light + 1.402 * cr;
      rgbx[to + 1] = light - 0.344136 * cb - 0.714136 * cr;
      rgbx[to + 2] = light + 1.772 * cb;
    }
  }
}
