import fs from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { seededRandom } from './random.ts';

/**
 * Pictures of coloured blocks, each different: cheap to make, and decoded and tagged like any photograph.
 *
 * @returns JPEG files of 160 x 120 pixels.
 */
export async function makePhotos(count: number, seed: number): Promise<Buffer[]> {
  const random = seededRandom(seed);
  return Promise.all(
    Array.from({ length: count }, () => {
      const pixels = Uint8Array.from({ length: 8 * 6 * 3 }, () => Math.floor(random() * 256));
      const small = sharp(pixels, { raw: { width: 8, height: 6, channels: 3 } });
      return small.resize(160, 120, { kernel: 'cubic' }).jpeg().toBuffer();
    }),
  );
}

const DATASETS = path.join(import.meta.dirname, '../../node_modules/@stdlib');

/** Public-domain photographs: JPEG files, by name. */
export async function samplePhotos(): Promise<Buffer[]> {
  const names = (await fs.readdir(DATASETS)).filter((name) => name.startsWith('datasets-img-')).sort();
  return Promise.all(names.map((name) => fs.readFile(path.join(DATASETS, name, 'data/image.jpg'))));
}
