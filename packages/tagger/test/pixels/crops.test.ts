import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Preprocessing, Variant } from '@tagmill/core';
import { architecture } from '@tagmill/mobilenet';
import { NO_RULES } from '@tagmill/rules';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { randomModel } from '../../../../test/helpers/random-model.ts';
import { decode, inspect, Tagger } from '../../src/index.ts';
import { DEFAULT_LIMITS } from '../../src/limits.ts';
import { CROPS, decodeCrops } from '../../src/pixels/crops.ts';
import { BLUE, GREEN, photo, quadrants, RED, YELLOW } from '../pictures.ts';

const SIDE = 32;
const CENTRE_CROP: Preprocessing = { inputSize: SIDE, fit: 'centre-crop', centralFraction: 1 };
const SQUASH: Preprocessing = { inputSize: SIDE, fit: 'squash', centralFraction: 0.875 };

async function cropsOf(picture: Sharp, preprocessing: Preprocessing): Promise<Uint8Array[]> {
  const bytes = await picture.png().toBuffer();
  const pixels = await decodeCrops(bytes, await inspect(bytes, DEFAULT_LIMITS), preprocessing);
  return Array.from({ length: CROPS }, (_, i) => pixels.subarray(i * SIDE * SIDE * 3, (i + 1) * SIDE * SIDE * 3));
}

/** The colours in a crop's corners, a little inside. */
function corners(crop: Uint8Array): number[][] {
  const [near, far] = [1, SIDE - 2];
  return [
    [near, near],
    [far, near],
    [near, far],
    [far, far],
  ].map(([x, y]) => [...crop.subarray((y! * SIDE + x!) * 3, (y! * SIDE + x!) * 3 + 3)]);
}

describe('five crops', () => {
  const wide = ['left', [RED, RED, BLUE, BLUE], 'right', [GREEN, GREEN, YELLOW, YELLOW]] as const;
  const high = ['top', [RED, GREEN, RED, GREEN], 'bottom', [BLUE, YELLOW, BLUE, YELLOW]] as const;
  test.each([
    ['wide', 300, 100, [wide[1], wide[3], wide[1], wide[3]]],
    ['high', 100, 300, [high[1], high[1], high[3], high[3]]],
  ])('of a %s picture are its middle, and what is at its ends', async (_, width, height, ends) => {
    const [centre, ...others] = await cropsOf(quadrants(width, height), CENTRE_CROP);
    expect(corners(centre!)).toEqual([RED, GREEN, BLUE, YELLOW]);
    expect(others.map(corners)).toEqual(ends);
  });

  test('of a picture that is stored turned are those of the upright one', async () => {
    const stored = await quadrants(300, 100).rotate(270).withMetadata({ orientation: 6 }).png().toBuffer();
    const crops = await cropsOf(sharp(stored).keepMetadata(), CENTRE_CROP);
    const upright = await cropsOf(quadrants(300, 100), CENTRE_CROP);
    const sorted = (list: Uint8Array[]) => list.map((crop) => corners(crop).join(' ')).sort();
    expect(sorted(crops)).toEqual(sorted(upright));
  });

  test.each([
    ['a line', 3000, 1],
    ['a dot', 1, 1],
    ['less than a crop', 5, 9],
  ])('are made of %s too', async (_, width, height) => {
    expect(await cropsOf(quadrants(width, height), CENTRE_CROP)).toHaveLength(CROPS);
  });

  test('begin with what is looked at alone, whatever the size, the format and the turn', async () => {
    const grain = await (await photo(400, 400)).png().toBuffer();
    const cases = fc.record({
      width: fc.integer({ min: 1, max: 400 }),
      height: fc.integer({ min: 1, max: 400 }),
      orientation: fc.integer({ min: 1, max: 8 }),
      format: fc.constantFrom('jpeg' as const, 'png' as const),
      preprocessing: fc.constantFrom(CENTRE_CROP, SQUASH),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ width, height, orientation, format, preprocessing }) => {
        const picture = sharp(grain).extract({ left: 0, top: 0, width, height }).withMetadata({ orientation });
        const bytes = await picture.toFormat(format).toBuffer();
        const header = await inspect(bytes, DEFAULT_LIMITS);
        const alone = await decode(bytes, header, preprocessing);
        const crops = await decodeCrops(bytes, header, preprocessing);
        expect(Buffer.compare(alone, crops.subarray(0, alone.length))).toBe(0);
      }),
      { numRuns: 25 },
    );
  }, 30_000);
});

describe('a tagger with five crops', () => {
  const layers = architecture({ network: 'mobilenet-v1', alpha: 0.25, resolution: SIDE, classes: 7 });
  const model = randomModel(layers);
  const variant = { variant: 'test/0.25-32', labels: 'test', preprocessing: SQUASH } as Variant;
  const labels = async () =>
    Array.from({ length: 7 }, (_, index) => ({ index, name: `label ${index}`, synonyms: [], parents: [] }));
  const [one, five] = [
    new Tagger({ onnx: async () => model, labels }),
    new Tagger({ onnx: async () => model, labels, crops: 5 }),
  ];
  let bytes: Buffer;
  beforeAll(async () => {
    bytes = await (await photo(300, 200)).png().toBuffer();
  });
  afterAll(() => Promise.all([one.close(), five.close()]));

  test('says of the centre what one without crops says, and something else of the corners', async () => {
    const scores = async (tagger: Tagger) =>
      tagger.infer(await tagger.decode(bytes, await tagger.inspect(bytes), variant), variant);
    const [centre, all] = [await scores(one), await scores(five)];
    expect(all).toHaveLength(CROPS * 7);
    // Inferred in a batch, a score may differ in its last digits.
    centre.forEach((score, i) => {
      expect(all[i]).toBeCloseTo(score, 5);
    });
    expect(all.subarray(7).some((score, i) => Math.abs(score - centre[i % 7]!) > 1e-5)).toBe(true);
  });

  test('names what it keeps as it named it first', async () => {
    const { scores, ...first } = await five.tag(bytes, variant);
    expect(await five.rename(scores, NO_RULES)).toEqual({
      outcome: first.outcome,
      tags: first.tags,
      broader: first.broader,
    });
  });
});
