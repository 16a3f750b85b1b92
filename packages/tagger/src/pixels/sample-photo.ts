import { loadLibvips } from './libvips.ts';

export interface SamplePhotoOptions {
  width: number;
  height: number;
  format: 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif';
  progressive?: boolean;
}

/** Sides of the noise that the picture is made of, in pixels: coarse forms, finer ones, texture. */
const OCTAVES = [6, 24, 96, 384];

/** How strong the grain of single pixels is, in grey levels: with it a 12-megapixel JPEG takes some 4 MB, like a camera's. */
const GRAIN = 6;

/**
 * Makes an encoded picture that costs a decoder about as much as a photograph: forms of all sizes, and grain. For profiles and
 * benchmarks, where no photograph of that size and format is at hand.
 */
export async function makeSamplePhoto({
  width,
  height,
  format,
  progressive = false,
}: SamplePhotoOptions): Promise<Buffer> {
  const sharp = await loadLibvips();
  const [coarsest, ...finer] = await Promise.all(OCTAVES.map((side) => noise(side, { width, height })));
  const grain = await sharp({ create: { ...gaussian(GRAIN), width, height } })
    .raw()
    .toBuffer();
  const raw = { width, height, channels: 3 } as const;
  const layers = [...finer, grain].map((input) => ({ input, raw, blend: 'hard-light' as const }));
  const picture = sharp(coarsest, { raw }).composite(layers);
  switch (format) {
    case 'jpeg':
      return picture.jpeg({ quality: 88, progressive }).toBuffer();
    case 'png':
      return picture.png({ progressive }).toBuffer();
    case 'avif':
      return picture.avif({ effort: 0 }).toBuffer();
    default:
      return picture.toFormat(format).toBuffer();
  }
}

/** Noise of that many pixels a side, spread smoothly over the picture. */
async function noise(side: number, { width, height }: { width: number; height: number }): Promise<Buffer> {
  const sharp = await loadLibvips();
  const small = await sharp({ create: { ...gaussian(40), width: side, height: side } })
    .png()
    .toBuffer();
  return sharp(small).resize(width, height, { fit: 'fill', kernel: 'cubic' }).removeAlpha().raw().toBuffer();
}

function gaussian(sigma: number) {
  return { channels: 3, background: 'grey', noise: { type: 'gaussian', mean: 128, sigma } } as const;
}
