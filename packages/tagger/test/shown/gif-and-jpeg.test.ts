import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { DEFAULT_LIMITS, inspect } from '../../src/index.ts';
import { meanDistance, photo, RED } from '../pictures.ts';
import { shown } from './shown.ts';

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
