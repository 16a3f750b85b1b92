import { afterAll, describe, expect, test } from '@jest/globals';
import type { Variant } from '@tagmill/core';
import { architecture, saturationProbe } from '@tagmill/mobilenet';
import { randomModel } from '../../../../test/helpers/random-model.ts';
import { SessionPool } from '../../src/index.ts';

const SIDE = 64;
const layers = architecture({ network: 'mobilenet-v1', alpha: 0.25, resolution: SIDE, classes: 5 });
const model = { variant: 'random/0.25-64', precision: 'float32', preprocessing: { inputSize: SIDE } } as Variant;
const foreign = { ...model, variant: 'foreign/0.25-64' };
const pool = new SessionPool({
  onnx: async ({ variant }) => (variant === foreign.variant ? saturationProbe().onnx : randomModel(layers)),
});
afterAll(() => pool.close());

describe('a session', () => {
  const pixels = Uint8Array.from({ length: 2 * SIDE * SIDE * 3 }, (_, i) => (i * 31) % 256);

  test('gives features beside the same probabilities, where they are asked for', async () => {
    const { probabilities, features } = await pool.inferFeatures(model, pixels, 2);
    expect([...(await pool.infer(model, pixels, 2))]).toEqual([...probabilities]);
    expect(features).toHaveLength(2 * layers.at(-1)!.inputChannels);
  });

  test('refuses to give features in a line where its model has no such output', async () => {
    await expect(pool.inferFeatures(foreign, pixels, 2)).rejects.toThrow(
      'The model of foreign/0.25-64 has no output "features": import it again',
    );
    await expect(pool.givesFeatures(foreign)).resolves.toBe(false);
  });
});
