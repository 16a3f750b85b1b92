import { createRequire } from 'node:module';
import type { Preprocessing } from '@tagmill/core';

/** Enough of sharp: the one that is installed with the rivals. */
interface Sharp {
  (file: string): Sharp;
  resize(width: number, height: number, options: object): Sharp;
  extract(part: { left: number; top: number; width: number; height: number }): Sharp;
  flatten(options: object): Sharp;
  raw(): Sharp;
  toBuffer(): Promise<Buffer>;
}

/** Reads and scales a file as somebody does who knows sharp well: a JPEG is decoded at a reduced size. */
export function shrinking(rivals: string, { inputSize, fit, centralFraction }: Preprocessing) {
  const sharp = createRequire(`${rivals}/`)('sharp') as Sharp;
  const side = Math.round(inputSize / centralFraction);
  const margin = Math.floor((side - inputSize) / 2);
  const centre = { left: margin, top: margin, width: inputSize, height: inputSize };
  return (file: string): Promise<Buffer> =>
    sharp(file)
      .resize(side, side, { fit: fit === 'squash' ? 'fill' : 'cover', kernel: 'linear' })
      .extract(centre)
      .flatten({ background: 'white' })
      .raw()
      .toBuffer();
}
