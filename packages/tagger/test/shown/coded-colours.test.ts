import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { readColourSpace, toSrgb } from '../../src/formats/coded-colours.ts';
import { readHeifProperties } from '../../src/formats/heif-properties.ts';
import { readHevcColours } from '../../src/formats/hevc-colours.ts';
import { codedColours, withProperty } from '../formats/heif-writer.ts';
import { meanDistance, pngChunk, quadrants } from '../pictures.ts';
import { expectAsPlain, fixture, HEIGHT, pixels, plain, shown, WIDTH } from './shown.ts';

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

function u32s(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, i * 4);
  return bytes;
}
