import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

export const RED = [220, 30, 30] as const;
export const GREEN = [30, 200, 30] as const;
export const BLUE = [30, 30, 220] as const;
export const YELLOW = [230, 220, 40] as const;

/** Red and green above blue and yellow. */
export function quadrants(width = 64, height = 48): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [left, right] = y < height / 2 ? [RED, GREEN] : [BLUE, YELLOW];
      pixels.set(x < width / 2 ? left : right, (y * width + x) * 3);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** Quadrants under noise, so that every way to scale it gives other values. */
export async function photo(width: number, height: number): Promise<Sharp> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  const grain = await sharp({ create: { width, height, channels: 3, background: 'grey', noise } })
    .png()
    .toBuffer();
  const pixels = await quadrants(width, height)
    .composite([{ input: grain, blend: 'overlay' }])
    .raw()
    .toBuffer();
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** How far values are from others, on average. */
export function meanDistance(values: Uint8Array, others: ArrayLike<number>): number {
  return values.reduce((sum, value, i) => sum + Math.abs(value - others[i]!), 0) / values.length;
}

/** An AVIF whose header says that it is this large, and that holds 64 x 48 pixels. */
export async function avifHeader(width: number, height: number): Promise<Buffer> {
  const bytes = await quadrants().avif().toBuffer();
  const size = bytes.indexOf('ispe') + 8;
  bytes.writeUInt32BE(width, size);
  bytes.writeUInt32BE(height, size + 4);
  return bytes;
}

/** A PNG whose header says that it is this large, and that holds nothing. */
export function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT'),
    pngChunk('IEND'),
  ]);
}

export function pngChunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
