import { describe, expect, test } from '@jest/globals';
import { saturationProbe } from '@tagmill/mobilenet';
import { computesExactly, firstExact, INT8_MODES } from '../../src/inference/exact-int8.ts';

describe('int8 on this processor', () => {
  test('is exact in ONNX Runtime’s precise mode, whatever the processor', async () => {
    expect(await computesExactly(INT8_MODES.at(-1)!)).toBe(true);
  });

  test('is probed with sums that 16 bits don’t hold', () => {
    const { images, exact } = saturationProbe();
    const pair = 2 * images[0]! * 127;
    expect(pair).toBeGreaterThan(32_767);
    const saturated = exact.product! * (32_767 / pair);
    expect(saturated).toBeLessThan(0.6 * exact.product!);
  });

  test('runs in the fastest mode that is exact, and is refused by name where none is', async () => {
    const [plain, precise] = INT8_MODES;
    expect(await firstExact(async () => true)).toBe(plain);
    expect(await firstExact(async (mode) => mode !== plain)).toBe(precise);
    await expect(firstExact(async () => false)).rejects.toMatchObject({
      code: 'inference-failed',
      message: expect.stringContaining('use one without -int8'),
    });
  });
});
