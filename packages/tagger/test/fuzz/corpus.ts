import fs from 'node:fs';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { seededRandom } from '../../../../test/helpers/random.ts';
import { writeJpeg } from '../jpeg/jpeg-writer.ts';

/** Every way of writing that a decoder has code of its own for. */
const ENCODINGS: readonly ((image: Sharp) => Sharp)[] = [
  (image) => image.jpeg({ chromaSubsampling: '4:2:0' }).withExif({ IFD0: { Orientation: '6' } }),
  (image) => image.toColourspace('b-w').jpeg(),
  (image) =>
    image
      .jpeg()
      .withIccProfile('p3')
      .withExif({ IFD2: { DateTimeOriginal: '2026:03:01 12:30:00' } }),
  (image) => image.jpeg({ progressive: true, chromaSubsampling: '4:4:4' }),
  (image) => image.toColourspace('cmyk').jpeg(),
  (image) => image.png(),
  (image) => image.png({ palette: true }),
  (image) => image.png({ progressive: true }).withIccProfile('p3').withMetadata({ orientation: 6 }),
  (image) => image.toColourspace('rgb16').ensureAlpha(0.5).png(),
  (image) => image.webp().withIccProfile('p3').withMetadata({ orientation: 3 }),
  (image) => image.ensureAlpha(0.5).webp(),
  (image) => image.webp({ lossless: true }),
  (image) => image.gif(),
  (image) => image.tiff({ compression: 'lzw', predictor: 'horizontal' }),
  (image) => image.tiff({ compression: 'jpeg', tile: true, tileWidth: 16, tileHeight: 16 }),
  (image) => image.tiff({ compression: 'deflate', bigtiff: true }),
  (image) => image.toColourspace('rgb16').tiff({ compression: 'packbits' }),
  (image) => image.threshold().toColourspace('b-w').tiff({ compression: 'ccittfax4', bitdepth: 1 }),
  (image) => image.avif({ effort: 0 }).withMetadata({ orientation: 6 }),
  (image) => image.ensureAlpha(0.5).avif({ effort: 0, chromaSubsampling: '4:2:0' }),
  (image) => image.avif({ effort: 0, bitdepth: 10 }),
];

const FIXTURES = ['quadrants-64x48.heic', 'turned-64x48.heic'];

/** Small images to begin with, the same ones each time. */
export async function makeCorpus(): Promise<Buffer[]> {
  const image = picture(64, 48);
  const animation = sharp(await picture(20, 80).raw().toBuffer(), {
    raw: { width: 20, height: 80, channels: 3, pageHeight: 20 },
  });
  return Promise.all([
    ...ENCODINGS.map((encode) => encode(image.clone()).toBuffer()),
    // Reduced enough to be decoded from the means of its blocks.
    picture(360, 340).jpeg({ quality: 30 }).toBuffer(),
    writeJpeg({
      ...{ across: 22, down: 22, components: 3, sampling: [2, 2], restartInterval: 30 },
      ...{ dcWordBits: 4, acWordBits: 8, random: seededRandom(1) },
    }),
    animation.clone().gif().toBuffer(),
    animation.clone().webp().toBuffer(),
    ...FIXTURES.map((name) => fs.promises.readFile(path.join(import.meta.dirname, '../fixtures', name))),
  ]);
}

/** A slope under noise, so that nothing of it compresses away. */
function picture(width: number, height: number): Sharp {
  const random = seededRandom(1);
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i % 192) + random() * 64);
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}
