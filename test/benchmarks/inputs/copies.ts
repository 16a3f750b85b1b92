import sharp from 'sharp';

/** Kinds of copies that count, as the project's goals name them. */
export const COPIES = ['resized', 'quality', 'cropped', 'watermark', 'grey', 'turned'] as const;
/** Others, of which it is only told how many are found. */
export const OTHERS = ['burst', 'half'] as const;
export type CopyKind = (typeof COPIES)[number] | (typeof OTHERS)[number];

const CROPPED = 0.05;
const BURST = 0.02;

/**
 * A copy of a JPEG: scaled to a third of its width and height, compressed with quality 30, cropped by 5% at two sides, with a watermark,
 * in grey, or turned by 90 degrees. Of the others, `burst` is a photo taken a moment later: moved by 2%, a little brighter; `half` shows
 * another part of the same scene, its left half.
 */
export async function makeCopy(kind: CopyKind, original: Uint8Array): Promise<Buffer> {
  const { width, height } = await sharp(original).metadata();
  const image = sharp(original);
  const part = (share: number, left = 0) =>
    image.extract({
      left: Math.round(left * width),
      top: 0,
      width: Math.round((share - left) * width),
      height: Math.round(Math.min(1, share) * height),
    });
  switch (kind) {
    case 'resized':
      return image
        .resize(Math.round(width / 3), Math.round(height / 3), { fit: 'fill' })
        .jpeg()
        .toBuffer();
    case 'quality':
      return image.jpeg({ quality: 30 }).toBuffer();
    case 'cropped':
      return part(1 - CROPPED)
        .jpeg()
        .toBuffer();
    case 'watermark':
      return image
        .composite([watermark(width, height)])
        .jpeg()
        .toBuffer();
    case 'grey':
      return image.greyscale().jpeg().toBuffer();
    case 'turned':
      return image.rotate(90).jpeg().toBuffer();
    case 'burst':
      return part(1, BURST).modulate({ brightness: 1.05 }).jpeg().toBuffer();
    case 'half':
      return image
        .extract({ left: 0, top: 0, width: Math.round(width / 2), height })
        .jpeg()
        .toBuffer();
  }
}

/** White strokes as of letters, two fifths of the width, at the lower right; what lies below shines through. */
function watermark(width: number, height: number) {
  const size = { width: Math.round(width * 0.4), height: Math.max(4, Math.round(height * 0.08)) };
  const stroke = Math.max(1, Math.round(size.width / 60));
  const input = Buffer.alloc(size.width * size.height * 4, 255);
  for (let i = 0; i < size.width * size.height; i++) {
    input[4 * i + 3] = Math.floor((i % size.width) / stroke) % 3 < 2 ? 180 : 0;
  }
  const raw = { ...size, channels: 4 as const };
  return { input, raw, left: Math.round(width * 0.55), top: Math.round(height * 0.88) };
}
