import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Preprocessing } from '@tagmill/core';
import sharp from 'sharp';
import { readColourSpace, toSrgb } from '../src/formats/coded-colours.ts';
import { readHeifProperties } from '../src/formats/heif-properties.ts';
import { readHevcColours } from '../src/formats/hevc-colours.ts';
import { DEFAULT_LIMITS, decode, inspect } from '../src/index.ts';
import { cleanAperture, codedColours, withProperty } from './formats/heif-writer.ts';
import { type TiffOptions, writeTiff } from './formats/tiff-writer.ts';
import { meanDistance, photo, pngChunk, quadrants, RED } from './pictures.ts';

const [WIDTH, HEIGHT] = [64, 48];
const squash: Preprocessing = { inputSize: 32, fit: 'squash', centralFraction: 1 };

const shown = async (bytes: Uint8Array) => decode(bytes, await inspect(bytes, DEFAULT_LIMITS), squash);
const plain = async () => shown(await quadrants(WIDTH, HEIGHT).png().toBuffer());
const pixels = () => quadrants(WIDTH, HEIGHT).raw().toBuffer();
const fixture = (name: string) => fs.readFileSync(path.join(import.meta.dirname, 'fixtures', name));

/** Of 255, on average: what rounding and lossy coding leave. */
const AS_PLAIN = 3;

async function expectAsPlain(bytes: Uint8Array, most = AS_PLAIN): Promise<void> {
  expect(meanDistance(await shown(bytes), await plain())).toBeLessThan(most);
}

/** How light, of which 1 is a page's white, is written in a transfer of H.273. */
const SIGNALS = {
  // SMPTE ST 2084.
  16: (light: number) => {
    const y = ((light * 203) / 10_000) ** 0.1593017578125;
    return ((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y)) ** 78.84375;
  },
  // ITU-R BT.2100's HLG, white at 0.75 of the signal.
  18: (light: number) => {
    const e = light * 0.2649;
    return e <= 1 / 12 ? Math.sqrt(3 * e) : 0.17883277 * Math.log(12 * e - 0.28466892) + 0.55991073;
  },
  8: (light: number) => light,
  13: (light: number) => (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055),
} as const;

/** From linear sRGB, by the standards' own matrices: BT.2087, table 4, and of P3. */
const TO_PRIMARIES = {
  1: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  9: [0.6274, 0.3293, 0.0433, 0.0691, 0.9195, 0.0114, 0.0164, 0.088, 0.8956],
  12: [0.8225, 0.1774, 0, 0.0332, 0.9669, 0, 0.0171, 0.0724, 0.9108],
} as const;

type Primaries = keyof typeof TO_PRIMARIES;
type Transfer = keyof typeof SIGNALS;

/** The quadrants in other colours, 16 bits a sample. */
async function codedSamples(primaries: Primaries, transfer: Transfer): Promise<Uint16Array> {
  const srgb = await pixels();
  const linear = (byte: number) => (byte <= 10 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
  const m = TO_PRIMARIES[primaries];
  const coded = new Uint16Array(srgb.length);
  for (let at = 0; at < srgb.length; at += 3) {
    const light = [0, 1, 2].map((i) => linear(srgb[at + i]!));
    for (let i = 0; i < 3; i++) {
      const other = m[i * 3]! * light[0]! + m[i * 3 + 1]! * light[1]! + m[i * 3 + 2]! * light[2]!;
      coded[at + i] = Math.round(65_535 * Math.min(1, SIGNALS[transfer](Math.max(0, other))));
    }
  }
  return coded;
}

const deepImage = async (primaries: Primaries, transfer: Transfer) =>
  sharp(await codedSamples(primaries, transfer), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } }).toColourspace(
    'rgb16',
  );

/** After IHDR. */
const withChunk = (png: Buffer, type: string, data: Buffer) =>
  Buffer.concat([png.subarray(0, 33), pngChunk(type, data), png.subarray(33)]);

describe('a picture of other colours is shown as in sRGB:', () => {
  const CODED = [
    ['BT.2020 PQ', 9, 16],
    ['BT.2020 HLG', 9, 18],
    ['Display P3', 12, 13],
    ['linear', 1, 8],
  ] as const;

  test.each(CODED)('PNG by cICP, %s', async (_, primaries, transfer) => {
    const png = await (await deepImage(primaries, transfer)).png().toBuffer();
    await expectAsPlain(withChunk(png, 'cICP', Buffer.from([primaries, transfer, 0, 1])));
  });

  test.each(CODED)('AVIF by nclx, %s', async (_, primaries, transfer) => {
    const avif = await (await deepImage(primaries, transfer)).avif({ quality: 95, bitdepth: 8 }).toBuffer();
    await expectAsPlain(withProperty(avif, 'colr', codedColours(primaries, transfer)), 6);
  });

  test('HEIC by nclx: what it says is Display P3 gets more saturated, and what is HLG brighter', async () => {
    const heic = fixture('quadrants-64x48.heic');
    await expectAsPlain(heic, 6);
    const expected = toSrgb(
      Uint16Array.from(await plain(), (byte) => byte * 257),
      { width: 32, height: 32 },
      readColourSpace({ primaries: 12, transfer: 13 })!,
    );
    const ofP3 = await shown(withProperty(heic, 'colr', codedColours(12, 13)));
    expect(meanDistance(ofP3, expected.data)).toBeLessThan(6);
    const ofHlg = await shown(withProperty(heic, 'colr', codedColours(9, 18)));
    expect(meanDistance(ofHlg, await plain())).toBeGreaterThan(20);
  });

  test('HEIC by the sequence parameter set of its HEVC', () => {
    const heic = fixture('quadrants-64x48.heic');
    expect(readHeifProperties(heic).colours).toEqual({ primaries: 2, transfer: 2 });
    const at = heic.indexOf('hvcC') + 4;
    const configuration = heic.subarray(at, at - 8 + heic.readUInt32BE(at - 8));
    // Two bytes of 2, wherever they begin: they become 9 and 16.
    const bits = [...configuration].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    const changed = [...bits.matchAll(/(?=0000001000000010)/g)].map(({ index }) => {
      const written = `${bits.slice(0, index)}0000100100010000${bits.slice(index + 16)}`;
      return Buffer.from(written.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
    });
    const read = changed.map((each) => {
      try {
        return readHevcColours(each);
      } catch {
        return undefined;
      }
    });
    expect(read).toContainEqual({ primaries: 9, transfer: 16 });
  });

  test('PNG by gAMA, and by cHRM with it', async () => {
    const png = await (await deepImage(1, 8)).png().toBuffer();
    await expectAsPlain(withChunk(png, 'gAMA', u32s(100_000)));
    const ofP3 = await (await deepImage(12, 8)).png().toBuffer();
    const p3 = u32s(31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6000);
    await expectAsPlain(withChunk(withChunk(ofP3, 'cHRM', p3), 'gAMA', u32s(100_000)));
  });

  test('PNG whose gAMA is sRGB’s, or that is said to be sRGB, is taken as it is', async () => {
    const png = await quadrants(WIDTH, HEIGHT).png().toBuffer();
    await expectAsPlain(withChunk(png, 'gAMA', u32s(45_455)), 0.01);
    await expectAsPlain(withChunk(withChunk(png, 'gAMA', u32s(100_000)), 'sRGB', Buffer.from([0])), 0.01);
  });

  test('what is brighter than a page’s white is white', () => {
    const samples = new Uint16Array([65_535, 65_535, 65_535, 0, 0, 0]);
    const space = readColourSpace({ primaries: 9, transfer: 16 })!;
    expect([...toSrgb(samples, { width: 2, height: 1 }, space).data]).toEqual([255, 255, 255, 0, 0, 0]);
  });
});

describe('a cropped HEIC or AVIF', () => {
  // The right lower quarter: yellow.
  const crop = cleanAperture(32, 24, 16, 12);
  const isYellow = async (bytes: Uint8Array) => {
    const header = await inspect(bytes, DEFAULT_LIMITS);
    const seen = await decode(bytes, header, squash);
    const middle = [...seen.subarray((16 * 32 + 16) * 3, (16 * 32 + 16) * 3 + 3)];
    return { ...header, middle: middle.map((value) => (value > 128 ? 1 : 0)) };
  };

  test('shows its part: HEIC', async () => {
    const heic = withProperty(fixture('quadrants-64x48.heic'), 'clap', crop);
    expect(await isYellow(heic)).toMatchObject({ width: 32, height: 24, middle: [1, 1, 0] });
  });

  test('shows its part: AVIF', async () => {
    const avif = withProperty(await quadrants(WIDTH, HEIGHT).avif().toBuffer(), 'clap', crop);
    expect(await isYellow(avif)).toMatchObject({ width: 32, height: 24, middle: [1, 1, 0] });
  });

  test('is cropped as it is stored, and turned then', () => {
    const stored = withProperty(fixture('quadrants-64x48.heic'), 'clap', cleanAperture(32, 24, -16, -12));
    const turned = withProperty(stored, 'irot', Buffer.from([1]));
    // The left upper quarter, a quarter turned anticlockwise.
    expect(readHeifProperties(turned).crop).toEqual({ left: 0, top: 32, width: 24, height: 32 });
    const mirrored = withProperty(stored, 'imir', Buffer.from([1]));
    expect(readHeifProperties(mirrored).crop).toEqual({ left: 32, top: 0, width: 32, height: 24 });
  });
});

const rgb = async (): Promise<TiffOptions & { samples: Uint8Array }> => ({
  width: WIDTH,
  height: HEIGHT,
  channels: 3,
  samples: await pixels(),
});
const mapped = async <Samples>(
  to: { from: (values: Iterable<number>, change: (value: number) => number) => Samples },
  change: (byte: number) => number,
) => to.from(await pixels(), change);

/** More samples a pixel. */
async function withExtra(
  extra: readonly number[],
  more: { kinds?: readonly number[]; change?: (byte: number) => number } = {},
) {
  const { kinds = extra.map(() => 0), change = (byte: number) => byte } = more;
  const colours = await pixels();
  const samples = Uint8Array.from({ length: WIDTH * HEIGHT * (3 + extra.length) }, (_, i) => {
    const [pixel, band] = [Math.floor(i / (3 + extra.length)), i % (3 + extra.length)];
    return band < 3 ? change(colours[pixel * 3 + band]!) : extra[band - 3]!;
  });
  return writeTiff([{ width: WIDTH, height: HEIGHT, channels: 3 + extra.length, samples, fields: { 338: kinds } }]);
}

describe('a TIFF is shown as other programs show it:', () => {
  test.each<[string, () => Promise<Buffer>]>([
    ['of bytes', async () => writeTiff([await rgb()])],
    [
      'floating-point of 0 to 1',
      async () => writeTiff([{ ...(await rgb()), samples: await mapped(Float32Array, (v) => v / 255) }]),
    ],
    [
      'floating-point of 0 to 255',
      async () => writeTiff([{ ...(await rgb()), samples: await mapped(Float32Array, (v) => v) }]),
    ],
    ['32 bits', async () => writeTiff([{ ...(await rgb()), samples: await mapped(Uint32Array, (v) => v * 2 ** 24) }])],
    [
      '16 bits and a sample that means nothing',
      async () => {
        const colours = await pixels();
        const samples = Uint16Array.from({ length: WIDTH * HEIGHT * 4 }, (_, i) =>
          i % 4 < 3 ? colours[Math.floor(i / 4) * 3 + (i % 4)]! * 257 : 0,
        );
        return writeTiff([{ ...(await rgb()), channels: 4, samples, fields: { 338: [0] } }]);
      },
    ],
    ['a sample that means nothing', () => withExtra([0])],
    ['two of them', () => withExtra([0, 128])],
    ['one that is said to be alpha, and another', () => withExtra([255, 0], { kinds: [2, 0] })],
    [
      'a thumbnail first',
      async () =>
        writeTiff([{ width: 2, height: 2, channels: 3, samples: new Uint8Array(12) }, await rgb()], { 254: [1] }),
    ],
    [
      'a mask first',
      async () =>
        writeTiff([{ width: 2, height: 2, channels: 3, samples: new Uint8Array(12) }, await rgb()], { 254: [4] }),
    ],
  ])('%s', async (_, make) => expectAsPlain(await make(), 2));

  test('grey, floating-point', async () => {
    const samples = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % WIDTH) / WIDTH);
    const seen = await shown(writeTiff([{ width: WIDTH, height: HEIGHT, channels: 1, samples }]));
    expect(seen[0]!).toBeLessThan(8);
    expect(seen[31 * 3]!).toBeGreaterThan(245);
  });

  test('transparent, premultiplied or not, over white', async () => {
    const half = (byte: number) => Math.round(byte / 2);
    const expected = (await plain()).map((byte) => 255 - (255 - byte) / 2);
    for (const bytes of [
      await withExtra([128], { kinds: [2] }),
      await withExtra([128], { kinds: [1], change: half }),
    ]) {
      expect(meanDistance(await shown(bytes), expected)).toBeLessThan(2);
    }
  });

  test('CIELab of bytes', async () => {
    // L 54, a 81, b 70: red, under D50.
    const samples = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => [138, 81, 70][i % 3]!);
    const [r, g, b] = await shown(writeTiff([{ ...(await rgb()), samples, fields: { 262: [8] } }]));
    expect(r!).toBeGreaterThan(245);
    expect(Math.max(g!, b!)).toBeLessThan(20);
  });

  test.each<[string, RegExp, () => Promise<Buffer>]>([
    ['compressed by ZSTD', /ZSTD/, async () => writeTiff([await rgb()], { 259: [50_000] })],
    ['compressed by who knows', /method 4711/, async () => writeTiff([await rgb()], { 259: [4711] })],
    [
      'of signed samples',
      /signed samples/,
      async () => writeTiff([{ ...(await rgb()), samples: await mapped(Int16Array, (v) => v) }]),
    ],
    ['a DNG', /DNG/, async () => writeTiff([await rgb()], { 50706: [1] })],
    [
      'a raw file whose thumbnail comes first',
      /raw/,
      async () => writeTiff([await rgb(), { ...(await rgb()), fields: { 262: [32_803] } }], { 254: [1] }),
    ],
    [
      'of 32 bits that are all but black',
      /samples from/,
      async () => writeTiff([{ ...(await rgb()), samples: await mapped(Uint32Array, (v) => v * 257) }]),
    ],
    [
      'of floating-point light far beyond white',
      /samples from/,
      async () => writeTiff([{ ...(await rgb()), samples: await mapped(Float32Array, (v) => v * 100) }]),
    ],
    [
      'of floating-point light a little beyond white',
      /samples from/,
      async () => writeTiff([{ ...(await rgb()), samples: await mapped(Float32Array, (v) => v / 200) }]),
    ],
  ])('or is refused by name: %s', async (_, message, make) => {
    await expect(make().then(shown)).rejects.toMatchObject({
      code: 'unsupported-format',
      message: expect.stringMatching(message),
    });
  });
});

test('a GIF’s first frame lies where it is told to, over white', async () => {
  const red = { r: RED[0], g: RED[1], b: RED[2] };
  const gif = await sharp({ create: { width: 40, height: 30, channels: 3, background: red } })
    .gif()
    .toBuffer();
  const descriptor = gif.indexOf(Buffer.from([0x2c, 0, 0, 0, 0, 40, 0, 30, 0]));
  gif.writeUInt16LE(80, 6);
  gif.writeUInt16LE(60, 8);
  gif.writeUInt16LE(40, descriptor + 1);
  gif.writeUInt16LE(30, descriptor + 3);
  expect(await inspect(gif, DEFAULT_LIMITS)).toMatchObject({ width: 80, height: 60 });
  const seen = await shown(gif);
  const at = (x: number, y: number) => [...seen.subarray((y * 32 + x) * 3, (y * 32 + x) * 3 + 3)];
  expect(at(8, 8)).toEqual([255, 255, 255]);
  expect(at(24, 8)).toEqual([255, 255, 255]);
  expect(Math.max(...at(24, 24).map((value, i) => Math.abs(value - RED[i]!)))).toBeLessThan(6);
});

describe('a JPEG that lacks its end', () => {
  test.each([
    ['baseline, small', 200, {}],
    ['baseline, large', 1600, {}],
    ['progressive', 200, { progressive: true }],
  ])('is shown whole, if that is all: %s', async (_, width, options) => {
    const whole = await (await photo(width, width)).jpeg(options).toBuffer();
    const expected = await shown(whole);
    for (const missing of [1, 2]) {
      // Decoded in full, not at a reduced size: of noise, not the same.
      expect(meanDistance(await shown(whole.subarray(0, whole.length - missing)), expected)).toBeLessThan(6);
    }
  });

  test.each([{}, { progressive: true }])('is corrupt, if more of it is missing: %j', async (options) => {
    const whole = await (await photo(200, 200)).jpeg(options).toBuffer();
    for (const missing of [40, 400]) {
      await expect(shown(whole.subarray(0, whole.length - missing))).rejects.toMatchObject({ code: 'corrupt' });
    }
  });
});

function u32s(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, i * 4);
  return bytes;
}
