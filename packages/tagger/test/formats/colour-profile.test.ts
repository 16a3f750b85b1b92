import { describe, expect, test } from '@jest/globals';
import { colourChange } from '../../src/formats/colour-profile.ts';
import { DEFAULT_LIMITS, inspect } from '../../src/index.ts';
import { loadLibvips } from '../../src/pixels/libvips.ts';
import { meanDistance, photo } from '../pictures.ts';
import { iccProfile, parametricCurve, sampledCurve } from './icc-profile.ts';

/** Adapted to D50: Adobe RGB (1998) and Display P3, in their profiles' own numbers. */
const ADOBE = [
  [0.6097, 0.3111, 0.0195],
  [0.2053, 0.6257, 0.0609],
  [0.1492, 0.0632, 0.7446],
];
const P3 = [
  [0.5151, 0.2412, -0.0011],
  [0.292, 0.6922, 0.0419],
  [0.1571, 0.0666, 0.7841],
];
const SRGB_CURVE = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045];

/** A JPEG with a profile: in the segment that it is kept in, or some. */
const sharp = await loadLibvips();
const picture = await photo(64, 48);

async function withProfile(profile: Buffer, { segments = 1, grey = false } = {}): Promise<Buffer> {
  const bytes = await (grey ? picture.clone().toColourspace('b-w') : picture.clone())
    .jpeg({ chromaSubsampling: '4:4:4' })
    .toBuffer();
  const size = Math.ceil(profile.length / segments);
  const parts = Array.from({ length: segments }, (_, i) => {
    const content = Buffer.concat([
      Buffer.from('ICC_PROFILE\0', 'latin1'),
      Buffer.from([i + 1, segments]),
      profile.subarray(i * size, (i + 1) * size),
    ]);
    const length = content.length + 2;
    return Buffer.concat([Buffer.from([0xff, 0xe2, length >> 8, length & 255]), content]);
  });
  return Buffer.concat([bytes.subarray(0, 2), ...parts, bytes.subarray(2)]);
}

async function changed(bytes: Buffer): Promise<Uint8Array | undefined> {
  const header = await inspect(bytes, DEFAULT_LIMITS);
  expect(header.encoding.colourProfile).toBe(true);
  const data = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
  return colourChange(bytes, header)?.({ data, width: 64, height: 48 }).data;
}

describe('colours are changed as libvips changes them', () => {
  test.each<[string, number[][], Buffer]>([
    ['no curve', ADOBE, sampledCurve([])],
    ['a gamma', ADOBE, sampledCurve([2.19921875])],
    ['a table', P3, sampledCurve(Array.from({ length: 40 }, (_, i) => (i / 39) ** 2))],
    ['a function, 0', ADOBE, parametricCurve(0, [1.8])],
    ['a function, 1', ADOBE, parametricCurve(1, [2, 1.1, -0.1])],
    ['a function, 2', P3, parametricCurve(2, [1.8, 1.2, -0.2, 0])],
    ['a function, 3', P3, parametricCurve(3, SRGB_CURVE)],
    ['a function, 4', P3, parametricCurve(4, [...SRGB_CURVE, 0, 0])],
  ])('%s', async (_, colours, curve) => {
    const bytes = await withProfile(iccProfile({ curve, colours }));
    const [ours, theirs] = [await changed(bytes), await sharp(bytes).toColourspace('srgb').raw().toBuffer()];
    expect(meanDistance(ours!, theirs)).toBeLessThan(0.5);
    const ignored = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
    expect(meanDistance(ignored, theirs)).toBeGreaterThan(2);
  });

  test('whose profile is in several segments', async () => {
    const profile = iccProfile({ curve: sampledCurve([1.8]), colours: P3 });
    const pixels = await changed(await withProfile(profile));
    expect(pixels).toBeDefined();
    expect(await changed(await withProfile(profile, { segments: 3 }))).toEqual(pixels);
  });
});

describe('colours are left to libvips', () => {
  const sound = iccProfile({ curve: sampledCurve([1.8]), colours: P3 });
  const renamed = (from: string, to: string) => {
    const profile = Buffer.from(sound);
    profile.write(to, profile.indexOf(from), 'latin1');
    return profile;
  };

  test.each<[string, Buffer]>([
    ['of a table', renamed('wtpt', 'A2B0')],
    ['of a missing colour', renamed('gXYZ', 'xxxx')],
    ['of a missing curve', renamed('bTRC', 'xxxx')],
    ['of other colours', renamed('RGB ', 'CMYK')],
    ['of an unknown function', iccProfile({ curve: parametricCurve(9, [1]), colours: P3 })],
    ['of a function that is none', iccProfile({ curve: parametricCurve(0, [-2]), colours: P3 })],
    ['of a black that is none', iccProfile({ curve: parametricCurve(1, [2, 0.9, 0.1]), colours: P3 })],
    ['cut off', sound.subarray(0, 200)],
    ['of no size', sound.subarray(0, 20)],
  ])('%s', async (_, profile) => {
    const bytes = await withProfile(profile);
    const header = await inspect(bytes, DEFAULT_LIMITS);
    expect(colourChange(bytes, { ...header, encoding: { ...header.encoding, colourProfile: true } })).toBeUndefined();
  });

  test('of a grey picture', async () => {
    const bytes = await withProfile(sound, { grey: true });
    const header = await inspect(bytes, DEFAULT_LIMITS);
    expect(colourChange(bytes, { ...header, encoding: { ...header.encoding, colourProfile: true } })).toBeUndefined();
  });

  test('not where there is no profile', async () => {
    const bytes = await (await photo(64, 48)).jpeg().toBuffer();
    const picture = { data: new Uint8Array(64 * 48 * 3), width: 64, height: 48 };
    expect(colourChange(bytes, await inspect(bytes, DEFAULT_LIMITS))?.(picture)).toBe(picture);
  });
});
