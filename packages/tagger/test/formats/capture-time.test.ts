import { describe, expect, test } from '@jest/globals';
import type { Sharp } from 'sharp';
import { DEFAULT_LIMITS, inspect } from '../../src/index.ts';
import { quadrants } from '../pictures.ts';
import { writeTiff } from './tiff-writer.ts';

const takenAt = async (bytes: Uint8Array) => (await inspect(bytes, DEFAULT_LIMITS)).takenAt;

const xmp = (
  properties: string,
) => `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" ${properties}/></rdf:RDF></x:xmpmeta>`;

/** A dataset of IPTC's second record. */
const dataset = (number: number, value: string) =>
  Buffer.concat([Buffer.from([0x1c, 2, number, 0, value.length]), Buffer.from(value)]);
const IPTC = Buffer.concat([dataset(5, 'a title'), dataset(55, '20090630'), dataset(60, '123000+0200')]);

/** A JPEG with IPTC, as Photoshop keeps it: after another of its resources. */
function withIptc(jpeg: Buffer): Buffer {
  const resource = (id: number, content: Buffer) => {
    const head = Buffer.from('8BIM\0\0\0\0\0\0\0\0', 'latin1');
    head.writeUInt16BE(id, 4);
    head.writeUInt32BE(content.length, 8);
    return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
  };
  const content = Buffer.concat([
    Buffer.from('Photoshop 3.0\0', 'latin1'),
    resource(0x03ed, Buffer.alloc(5)),
    resource(0x0404, IPTC),
  ]);
  const segment = Buffer.from([0xff, 0xed, 0, 0]);
  segment.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), segment, content, jpeg.subarray(2)]);
}

describe('the time of capture is told', () => {
  test.each<[string, (image: Sharp) => Sharp]>([
    ['JPEG', (image) => image.jpeg()],
    ['progressive JPEG', (image) => image.jpeg({ progressive: true })],
    ['PNG', (image) => image.png()],
    ['WebP', (image) => image.webp()],
    ['TIFF', (image) => image.tiff()],
    ['AVIF', (image) => image.avif()],
  ])('by XMP, where EXIF says nothing: %s', async (_, encode) => {
    const bytes = await encode(quadrants()).withXmp(xmp('xmp:CreateDate="2009-06-30T12:30:15.25+02:00"')).toBuffer();
    expect(await takenAt(bytes)).toBe('2009-06-30T12:30:15+02:00');
  });

  test('by EXIF’s DateTimeDigitized, where there is no original', async () => {
    const exif = { IFD2: { DateTimeDigitized: '2009:06:30 12:30:00', OffsetTimeDigitized: '+02:00' } };
    expect(await takenAt(await quadrants().jpeg().withExif(exif).toBuffer())).toBe('2009-06-30T12:30:00+02:00');
  });

  test('by EXIF rather than by XMP, and by when it was taken rather than by when the file was made', async () => {
    const both = quadrants()
      .jpeg()
      .withExif({ IFD2: { DateTimeOriginal: '2001:01:01 01:01:01' } });
    expect(await takenAt(await both.withXmp(xmp('xmp:CreateDate="2009-06-30T12:30"')).toBuffer())).toBe(
      '2001-01-01T01:01:01',
    );
    const inXmp = xmp('xmp:CreateDate="2009-06-30T12:30" photoshop:DateCreated="1985-06-30T12:30"');
    expect(await takenAt(await quadrants().jpeg().withXmp(inXmp).toBuffer())).toBe('1985-06-30T12:30:00');
  });

  test('by IPTC', async () => {
    const jpeg = await quadrants().jpeg().toBuffer();
    expect(await takenAt(jpeg)).toBeUndefined();
    expect(await takenAt(withIptc(jpeg))).toBe('2009-06-30T12:30:00+02:00');
  });

  test('not by what is no moment', async () => {
    for (const date of ['2009-06-30', '2009', '2009-02-31T12:00', 'yesterday']) {
      const bytes = await quadrants()
        .jpeg()
        .withXmp(xmp(`xmp:CreateDate="${date}"`))
        .toBuffer();
      expect(await takenAt(bytes)).toBeUndefined();
    }
  });
});

test('metadata that is cut off or points out of the file hides no picture', async () => {
  const samples = await quadrants(8, 8).raw().toBuffer();
  const tiff = writeTiff([{ width: 8, height: 8, channels: 3, samples }], { 34665: [4_000_000_000], 700: [0, 1] });
  expect(await inspect(tiff, DEFAULT_LIMITS)).toMatchObject({ width: 8, height: 8 });
});
