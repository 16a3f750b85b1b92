import { describe, expect, jest, test } from '@jest/globals';
import sharp from 'sharp';
import { DEFAULT_LIMITS, decode, inspect } from '../../src/index.ts';
import { pngChunk, quadrants } from '../pictures.ts';
import {
  gifOfFrames,
  jpegOfExif,
  jpegOfScans,
  jpegOfSegments,
  pngOfComments,
  pngOfProfile,
  pngWith,
  tiffOfDirectories,
  webpOfFrames,
} from './bombs.ts';
import { peakMemory } from './peak-memory.ts';

jest.setTimeout(60_000);

const MiB = 2 ** 20;
const preprocessing = { inputSize: 32, fit: 'squash', centralFraction: 1 } as const;

/** What a process held at most is asked of /proc. */
const onLinux = process.platform === 'linux' ? test : test.skip;

/** What it took before: seconds or minutes, and up to gigabytes. */
const BOMBS: [string, () => Buffer | Promise<Buffer>, string][] = [
  ['a PNG of 0.8 MB that inflates to 0.8 GB of comments', () => pngOfComments(100), 'png'],
  ['a PNG whose colour profile inflates to 60 MB', () => pngOfProfile(60_000_000), 'png'],
  ['a PNG of two million chunks', () => pngWith(Buffer.alloc(12 * 2_000_000).fill(pngChunk('juNk'))), 'png'],
  ['a GIF of three million frames', () => gifOfFrames(3_000_000), 'gif'],
  ['a WebP of a million frames', () => webpOfFrames(1_000_000), 'webp'],
  ['a TIFF of half a million directories', () => tiffOfDirectories(500_000), 'tiff'],
  ['a JPEG of a million segments', () => jpegOfSegments(1_000_000), 'jpeg'],
  ['a JPEG whose EXIF says the same 60,000 values five thousand times', () => jpegOfExif(), 'jpeg'],
];

describe('a decompression bomb', () => {
  onLinux.each(BOMBS)('is looked at in a moment and little memory: %s', async (_, make, format) => {
    const bytes = await make();
    const warmUp = await quadrants().png().toBuffer();
    const { code, header, peakBytes, durationMs } = await peakMemory(bytes, { warmUp });
    expect({ code, format: header?.format }).toEqual({ code: undefined, format });
    expect(durationMs).toBeLessThan(5000);
    // A copy or two of the file.
    expect(peakBytes).toBeLessThan(3 * bytes.length + 32 * MiB);
  });

  test('of scans is refused by their number', async () => {
    await expect(inspect(jpegOfScans(101), DEFAULT_LIMITS)).rejects.toMatchObject({
      code: 'corrupt',
      facts: { format: 'jpeg' },
    });
    await expect(inspect(jpegOfScans(100), DEFAULT_LIMITS)).resolves.toMatchObject({
      width: 14_000,
      encoding: { progressive: true },
    });
  });

  test('of scans is counted where a baseline JPEG has a component in each', async () => {
    const intact = await quadrants().jpeg({ chromaSubsampling: '4:4:4' }).toBuffer();
    const scan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3]);
    const before = intact.subarray(0, intact.indexOf(Buffer.from([0xff, 0xda])));
    const bytes = Buffer.concat([before, ...Array(101).fill(scan), Buffer.from([0xff, 0xd9])]);
    await expect(inspect(bytes, DEFAULT_LIMITS)).rejects.toThrow('More than 100 scans');
  });
});

describe('what is left out of a file', () => {
  test('changes nothing about its first frame, in any format that may have several', async () => {
    const frames = await quadrants(40, 60).raw().toBuffer();
    const animation = sharp(frames, { raw: { width: 40, height: 60, channels: 3, pageHeight: 30 } });
    for (const format of ['gif', 'webp', 'tiff'] as const) {
      const bytes = await animation.clone().toFormat(format).toBuffer();
      expect((await sharp(bytes).metadata()).pages).toBe(2);
      const seen = await decode(bytes, await inspect(bytes, DEFAULT_LIMITS), preprocessing);
      const first = await sharp(bytes, { page: 0 })
        .removeAlpha()
        .resize(32, 32, { fit: 'fill', kernel: 'linear' })
        .raw()
        .toBuffer();
      expect(Buffer.from(seen)).toEqual(first);
    }
  });
});

describe('a polyglot', () => {
  test.each(['jpeg', 'png', 'webp', 'gif', 'tiff'] as const)(
    'that goes on as a page after its %s is that picture',
    async (format) => {
      const picture = await quadrants().toFormat(format).toBuffer();
      const both = Buffer.concat([picture, Buffer.from('<html><script>alert(1)</script></html>')]);
      const header = await inspect(both, DEFAULT_LIMITS);
      expect(header).toMatchObject({ format, width: 64, height: 48 });
      expect(await decode(both, header, preprocessing)).toEqual(
        await decode(picture, await inspect(picture, DEFAULT_LIMITS), preprocessing),
      );
    },
  );
});
