import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareVariantNames, formatVariantName, parseVariantName } from '../src/index.ts';

describe('a variant’s name', () => {
  test('says family, alpha, resolution and precision', () => {
    expect(parseVariantName('imagenet/0.75-192-int8')).toEqual({
      family: 'imagenet',
      network: 'mobilenet-v1',
      alpha: 0.75,
      resolution: 192,
      precision: 'int8',
    });
  });

  test('says that it is a MobileNetV2', () => {
    expect(parseVariantName('imagenet/v2-1.4-224')).toMatchObject({
      network: 'mobilenet-v2',
      alpha: 1.4,
      resolution: 224,
    });
  });

  test('keeps a decimal for whole widths', () => {
    const network = 'mobilenet-v1';
    expect(formatVariantName({ family: 'everyday', network, alpha: 1, resolution: 128, precision: 'float32' })).toBe(
      'everyday/1.0-128',
    );
  });

  test('survives being formatted and parsed again', () => {
    const names = fc.record({
      family: fc.constantFrom('everyday', 'imagenet', 'my-own'),
      network: fc.constantFrom('mobilenet-v1' as const, 'mobilenet-v2' as const),
      alpha: fc.constantFrom(0.25, 0.35, 0.5, 0.75, 1, 1.4),
      resolution: fc.integer({ min: 1, max: 64 }).map((n) => 32 * n),
      precision: fc.constantFrom('float32' as const, 'int8' as const),
    });
    fc.assert(fc.property(names, (name) => expect(parseVariantName(formatVariantName(name))).toEqual(name)));
  });

  test('is in order by width and resolution, float32 first', () => {
    const ordered = [
      'a/1.0-64',
      'b/0.25-96',
      'b/0.5-64',
      'b/0.5-64-int8',
      'b/0.5-128',
      'b/1.0-64',
      'b/v2-0.35-96',
      'b/v2-1.0-64',
    ];
    expect(ordered.toReversed().sort(compareVariantNames)).toEqual(ordered);
  });

  test.each(['', 'everyday', 'everyday/128', 'everyday/0.5', '../0.5-128', 'everyday/0.5-128-int4', 'Everyday/2-128'])(
    'is refused if it is "%s"',
    (name) => expect(() => parseVariantName(name)).toThrow(/expected <family>/),
  );
});
