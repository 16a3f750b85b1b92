import { describe, expect, test } from '@jest/globals';
import { type TiffOptions, writeTiff } from '../formats/tiff-writer.ts';
import { meanDistance } from '../pictures.ts';
import { expectAsPlain, HEIGHT, pixels, plain, shown, WIDTH } from './shown.ts';

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
