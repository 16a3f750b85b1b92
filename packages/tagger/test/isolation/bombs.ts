import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { pngChunk, pngHeader, quadrants } from '../pictures.ts';

/** Small files that ask for much, each of which once got it. */

/** Of so many comments, each of which inflates to 7.9 MB. */
export function pngOfComments(count: number): Buffer {
  const text = deflateSync(Buffer.alloc(7_900_000, 'A'), { level: 9 });
  const comments = Array.from({ length: count }, (_, i) =>
    pngChunk('zTXt', Buffer.concat([Buffer.from(`comment ${i}\0\0`), text])),
  );
  return pngWith(Buffer.concat(comments));
}

export function pngOfProfile(sizeBytes: number): Buffer {
  const profile = Buffer.alloc(sizeBytes);
  profile.writeUInt32BE(sizeBytes);
  return pngWith(pngChunk('iCCP', Buffer.concat([Buffer.from('profile\0\0'), deflateSync(profile)])));
}

/** 64 x 48 pixels of black, with more chunks. */
export function pngWith(chunks: Buffer): Buffer {
  const pixels = pngChunk('IDAT', deflateSync(Buffer.alloc((64 * 3 + 1) * 48)));
  const header = pngHeader(64, 48).subarray(0, 8 + 25);
  return Buffer.concat([header, chunks, pixels, pngChunk('IEND')]);
}

export async function webpOfFrames(count: number): Promise<Buffer> {
  const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
    .webp({ lossless: true })
    .toBuffer();
  const frame = riffChunk('ANMF', Buffer.concat([Buffer.alloc(12), Buffer.from([1, 0, 0, 0]), dot.subarray(12)]));
  const canvas = riffChunk('VP8X', Buffer.from([2, 0, 0, 0, 63, 0, 0, 47, 0, 0]));
  const frames = Buffer.alloc(frame.length * count).fill(frame);
  return riffChunk('RIFF', Buffer.concat([Buffer.from('WEBP'), canvas, riffChunk('ANIM', Buffer.alloc(6)), frames]));
}

function riffChunk(name: string, data: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(name), size, data, Buffer.alloc(data.length % 2)]);
}

export function gifOfFrames(count: number): Buffer {
  const header = Buffer.concat([
    Buffer.from('GIF89a'),
    Buffer.from([64, 0, 48, 0, 0x80, 0, 0, ...[255, 0, 0], ...[0, 0, 255]]),
  ]);
  const frame = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4c, 1, 0]);
  return Buffer.concat([header, Buffer.alloc(frame.length * count).fill(frame), Buffer.from([0x3b])]);
}

/** Comments of no text before a picture of 64 x 48 pixels: four bytes a segment. */
export async function jpegOfSegments(count: number): Promise<Buffer> {
  const picture = await quadrants().jpeg().toBuffer();
  const comments = Buffer.alloc(4 * count).fill(Buffer.from([0xff, 0xfe, 0, 2]));
  return Buffer.concat([picture.subarray(0, 2), comments, picture.subarray(2)]);
}

/** Each directory says the same picture of 64 x 48 grey pixels, and where the next one is. */
export function tiffOfDirectories(count: number): Buffer {
  const pixels = Buffer.alloc(64 * 48, 128);
  const fields = [
    [256, 64],
    [257, 48],
    [258, 8],
    [259, 1],
    [262, 1],
    [273, 8],
    [277, 1],
    [278, 48],
    [279, pixels.length],
  ];
  const directory = Buffer.alloc(2 + fields.length * 12 + 4);
  directory.writeUInt16LE(fields.length, 0);
  fields.forEach(([tag, value], i) => {
    directory.writeUInt16LE(tag!, 2 + i * 12);
    directory.writeUInt16LE(4, 4 + i * 12);
    directory.writeUInt32LE(1, 6 + i * 12);
    directory.writeUInt32LE(value!, 10 + i * 12);
  });
  const first = 8 + pixels.length;
  const directories = Buffer.alloc(directory.length * count).fill(directory);
  for (let i = 1; i < count; i++) {
    directories.writeUInt32LE(first + directory.length * i, directory.length * i - 4);
  }
  const header = Buffer.from('II*\0\0\0\0\0');
  header.writeUInt32LE(first, 4);
  return Buffer.concat([header, pixels, directories]);
}

/** Grey, progressive, of 14,000 x 14,000 pixels in which every coefficient is zero: a few hundred bytes a scan. */
export function jpegOfScans(count: number): Buffer {
  const side = 14_000;
  const blocks = (side / 8) ** 2;
  // One symbol each, of one bit: no difference for DC; for AC a run of 16,384 blocks that end at once, and 14 bits more.
  const table = (kind: number, symbol: number) => jpegSegment(0xc4, [kind, 1, ...Array(15).fill(0), symbol]);
  const scan = (from: number, to: number) => jpegSegment(0xda, [1, 1, 0, from, to, 0]);
  const runs = Buffer.alloc(2 * Math.ceil(blocks / 16_384));
  const refinements = Array.from({ length: count - 1 }, (_, i) =>
    Buffer.concat([scan(1 + (i % 63), 1 + (i % 63)), runs]),
  );
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    jpegSegment(0xdb, [0, ...Array(64).fill(1)]),
    jpegSegment(0xc2, [8, side >> 8, side & 255, side >> 8, side & 255, 1, 1, 0x11, 0]),
    table(0, 0),
    table(0x10, 0xe0),
    scan(0, 0),
    Buffer.alloc(Math.ceil(blocks / 8)),
    ...refinements,
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** Five thousand fields of 60,000 values, which are all the same ones. */
export async function jpegOfExif(): Promise<Buffer> {
  const fields = Buffer.alloc(5000 * 12);
  for (let i = 0; i < 5000; i++) {
    fields.writeUInt16LE(0x9004 + i, i * 12);
    fields.writeUInt16LE(1, i * 12 + 2);
    fields.writeUInt32LE(60_000, i * 12 + 4);
    fields.writeUInt32LE(8, i * 12 + 8);
  }
  const pointer = [0x69, 0x87, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0];
  const [one, count] = [Buffer.from([1, 0]), Buffer.from([5000 & 255, 5000 >> 8])];
  const tiff = [Buffer.from('II*\0\x08\0\0\0'), one, Buffer.from(pointer), Buffer.alloc(4), count, fields];
  const exif = jpegSegment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), ...tiff, Buffer.alloc(5000)]));
  const jpeg = await quadrants().jpeg().toBuffer();
  return Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]);
}

function jpegSegment(marker: number, data: number[] | Buffer): Buffer {
  const header = Buffer.from([0xff, marker, 0, 0]);
  header.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([header, Buffer.from(data)]);
}

/** One picture of so many frames, of which the last is shown. */
export async function avifOfFrames(count: number): Promise<Buffer> {
  const file = await quadrants(2000, 1500).avif({ effort: 0 }).toBuffer();
  const start = file.indexOf('mdat') + 4;
  const coded = file.subarray(start);
  const frame = coded.subarray(frameOffset(coded));
  const frames = Buffer.concat([coded, ...Array(count - 1).fill(frame)]);
  const boxes = Buffer.from(file.subarray(0, start));
  const extent = Buffer.alloc(4);
  extent.writeUInt32BE(coded.length);
  boxes.writeUInt32BE(frames.length, boxes.indexOf(extent));
  boxes.writeUInt32BE(frames.length + 8, start - 8);
  return Buffer.concat([boxes, frames]);
}

/** AV1, 5.3.2: of the first unit that is a frame. Sizes here take one byte but for that unit's. */
function frameOffset(units: Buffer): number {
  let at = 0;
  while ((units[at]! >> 3) % 16 !== 6) at += 2 + units[at + 1]!;
  return at;
}
