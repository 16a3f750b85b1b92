import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { readCaptureTime } from '../../src/formats/capture-time.ts';
import { listJpegSegments } from '../../src/jpeg/jpeg-segments.ts';
import { readPlainJpegHeader } from '../../src/jpeg/plain-jpeg.ts';
import { quadrants } from '../pictures.ts';

const EXIF = { IFD0: { Model: 'a camera' }, IFD2: { DateTimeOriginal: '2026:03:01 12:30:00' } };

const PLAIN_ENCODINGS: [string, (image: Sharp) => Sharp, object?][] = [
  ['4:2:0', (image) => image.jpeg({ chromaSubsampling: '4:2:0' })],
  ['4:4:4', (image) => image.jpeg({ chromaSubsampling: '4:4:4' })],
  ['grey', (image) => image.toColourspace('b-w').jpeg(), { channels: 1 }],
  [
    'on its side, by EXIF',
    (image) => image.jpeg().withExif(EXIF).withMetadata({ orientation: 6 }),
    { hasProfile: true, orientation: 6 },
  ],
  ['EXIF without an orientation', (image) => image.jpeg().withExif({ IFD0: { Artist: 'somebody' } })],
  ['XMP', (image) => image.jpeg().withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')],
  ['a colour profile', (image) => image.jpeg().withIccProfile('p3'), { hasProfile: true }],
  [
    'all of a camera',
    (image) => image.jpeg().withIccProfile('p3').withExif(EXIF).withMetadata({ orientation: 6 }),
    { hasProfile: true, orientation: 6 },
  ],
];

/** As Nikon's and Apple's cameras write it; sharp writes the other end first. */
function withBigEndianExif(jpeg: Buffer): Buffer {
  const directory = '0002 0110 0002 00000002 41000000 0112 0003 00000001 00080000 00000000';
  const exif = Buffer.from(`457869660000 4d4d002a 00000008 ${directory}`.replaceAll(' ', ''), 'hex');
  const header = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), header, exif, jpeg.subarray(2)]);
}

const readHeader = (file: Buffer) => readPlainJpegHeader(file, listJpegSegments(file));

describe('the header of a plain JPEG', () => {
  test.each(PLAIN_ENCODINGS)('is read: %s', async (_, encode, more = {}) => {
    const { exif, ...header } = readHeader(await encode(quadrants(70, 40)).toBuffer())!;
    expect(header).toEqual({ width: 70, height: 40, channels: 3, hasProfile: false, orientation: 1, ...more });
    if (!('orientation' in more)) return;
    expect(readCaptureTime(Buffer.alloc(0), 'jpeg', { exif, jpegSegments: [] })).toBe('2026-03-01T12:30:00');
  });

  test('is read: EXIF of the other byte order', async () => {
    const bytes = withBigEndianExif(await quadrants(70, 40).jpeg().toBuffer());
    expect(readHeader(bytes)).toMatchObject({ width: 70, orientation: 8 });
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 70, orientation: 8 });
  });

  test.each<[string, (image: Sharp) => Sharp]>([
    ['progressive', (image) => image.jpeg({ progressive: true })],
    ['of inks', (image) => image.toColourspace('cmyk').jpeg()],
  ])('is left to libvips: %s', async (_, encode) => {
    expect(readHeader(await encode(quadrants()).toBuffer())).toBeUndefined();
  });

  test('says what libvips says, whatever is done to it', async () => {
    const encoded = await Promise.all(PLAIN_ENCODINGS.map(([, encode]) => encode(quadrants()).toBuffer()));
    const files = [...encoded, withBigEndianExif(encoded[0]!)];
    let read = 0;
    const change = fc.record({ at: fc.nat(1200), by: fc.integer({ min: 1, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), fc.array(change, { maxLength: 3 }), async (file, changes) => {
        const bytes = Buffer.from(file);
        for (const { at, by } of changes) if (at >= 3) bytes[at % bytes.length]! ^= by;
        const header = readHeader(bytes);
        if (!header) return;
        read++;
        // What is damaged elsewhere is refused by its decoder.
        const metadata = await sharp(bytes)
          .metadata()
          .catch(() => undefined);
        if (!metadata) return;
        const { orientation, exif, ...others } = header;
        expect(metadata).toMatchObject({ ...others, isProgressive: false });
        expect(metadata.orientation ?? 1).toBe(orientation);
        expect(metadata.bitsPerSample ?? 8).toBe(8);
        expect(metadata.exif).toEqual(exif);
      }),
      { numRuns: Number(process.env.PLAIN_JPEG_RUNS ?? 1500), endOnFailure: true },
    );
    expect(read).toBeGreaterThan(300);
  }, 600_000);
});
