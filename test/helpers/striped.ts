import sharp from 'sharp';
import { seededRandom } from './random.ts';

/** Pixels of a made picture. */
const SIDE = 240;

/** Diagonal stripes of yellow and violet: no two pictures are alike, and no photo looks so. */
export async function striped(seed: number): Promise<Buffer> {
  const random = seededRandom(seed + 1);
  const [width, angle] = [14 + 8 * random(), (Math.PI / 6) * (1 + random())];
  const [gold, indigo] = [
    [255, 215, 0],
    [75, 0, 130],
  ];
  const pixels = Array.from({ length: SIDE * SIDE }, (_, i) => {
    const along = (i % SIDE) * Math.cos(angle) + Math.floor(i / SIDE) * Math.sin(angle);
    return along % (2 * width) < width ? gold : indigo;
  });
  return sharp(Uint8Array.from(pixels.flat()), { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toBuffer();
}
