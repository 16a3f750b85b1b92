import { describe, expect, test } from '@jest/globals';
import { readHeifProperties } from '../../src/formats/heif-properties.ts';
import { DEFAULT_LIMITS, decode, inspect } from '../../src/index.ts';
import { cleanAperture, withProperty } from '../formats/heif-writer.ts';
import { quadrants } from '../pictures.ts';
import { fixture, HEIGHT, squash, WIDTH } from './shown.ts';

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
