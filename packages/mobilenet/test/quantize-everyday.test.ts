import { describe, expect, test } from '@jest/globals';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { seededRandom } from '../../../test/helpers/random.ts';
import { correctedBiases } from '../src/bias-correction.ts';
import { equalizationFactors, equalizeChannels } from '../src/equalization.ts';
import { filterRange, quantizeFilters } from '../src/filter-bytes.ts';
import {
  architecture,
  buildEveryday,
  buildEverydayInt8,
  type Layer,
  randomWeights,
  readSafetensors,
  writeOnnx,
  writeSafetensors,
} from '../src/index.ts';
import { quantizeEveryday } from '../src/quantize-everyday.ts';
import { picture } from './run-model.ts';
import { trainedTensors } from './trained-tensors.ts';

const ALPHA = 0.25;
const SIDE = 32;
const RESOLUTIONS = [32, 64];
const EXACT = { extra: { session: { x64quantprecision: '1' } } };

const layers = architecture({ network: 'mobilenet-v1', alpha: ALPHA, resolution: SIDE, classes: 5 });

function pictures(count: number, side = SIDE): Uint8Array {
  return picture(side, count);
}

async function run(model: Uint8Array, pixels: Uint8Array, side = SIDE): Promise<Record<string, Float32Array>> {
  const session = await InferenceSession.create(model, EXACT);
  const outputs = await session.run({
    images: new Tensor('uint8', pixels, [pixels.length / side / side / 3, side, side, 3]),
  });
  await session.release();
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]));
}

describe('evening out channels', () => {
  test('changes nothing that the network computes', async () => {
    const weights = randomWeights(layers, seededRandom(1));
    const random = seededRandom(2);
    const maxima = new Map(
      layers.map(({ name, outputChannels }) => [
        name,
        // A channel that is never on as well.
        Float32Array.from({ length: outputChannels }, (_, i) => (i === 0 ? 0 : 10 ** (4 * random() - 2))),
      ]),
    );
    const factors = equalizationFactors(layers, weights, maxima);
    const common = { layers, inputScale: 1 / 127.5, inputZeroPoint: 127.5 } as const;
    const kind = { activation: 'relu', padding: 'symmetric', outputs: 'softmax' } as const;
    const before = await run(writeOnnx({ ...common, ...kind, weights }), pictures(2));
    const after = await run(
      writeOnnx({ ...common, ...kind, weights: equalizeChannels(layers, weights, factors) }),
      pictures(2),
    );
    after.probabilities!.forEach((value, i) => expect(value).toBeCloseTo(before.probabilities![i]!, 5));
    expect(Math.max(...factors.get('stem')!) / Math.min(...factors.get('stem')!)).toBeGreaterThan(10);
  });
});

describe('filters as bytes', () => {
  test('are each within half a step, and the largest of each channel is 127', () => {
    const { filters, biases } = randomWeights(layers, seededRandom(3)).get('block3.depthwise')!;
    const bytes = quantizeFilters({ filters, biases });
    filters.forEach((value, i) => {
      const scale = bytes.scales[Math.floor(i / 9)]!;
      expect(Math.abs(bytes.filters[i]! * scale - value)).toBeLessThanOrEqual(scale * 0.5001);
    });
    for (let i = 0; i < filters.length; i += 9) {
      expect(filterRange(Float32Array.from(bytes.filters.subarray(i, i + 9)))).toBe(127);
    }
  });

  test('of a channel of zeros are zeros', () => {
    expect(quantizeFilters({ filters: new Float32Array(4), biases: new Float32Array(1) })).toEqual({
      filters: new Int8Array(4),
      scales: new Float32Array(1),
    });
  });
});

test('corrected biases give constant images their means back, padding and all', () => {
  const layer: Layer = {
    ...{ name: 'depthwise', kind: 'depthwise', kernel: 3, stride: 1, inputChannels: 1, outputChannels: 1 },
    ...{ inputSize: 4, outputSize: 4 },
  };
  const filters = Float32Array.of(0.3, -0.2, 0.11, 0.9, -1, 0.47, 0.05, 0.61, -0.33);
  const bytes = { filters: filters.map(Math.round) as unknown as Int8Array, scales: Float32Array.of(1) };
  const [value, bias] = [3, 0.25];
  const meanOutput = (taps: ArrayLike<number>, offset: number) => {
    let sum = 0;
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 4; x++) {
        for (let tap = 0; tap < 9; tap++) {
          const [row, column] = [y + Math.floor(tap / 3) - 1, x + (tap % 3) - 1];
          if (row >= 0 && column >= 0 && row < 4 && column < 4) sum += taps[tap]! * value;
        }
      }
    }
    return sum / 16 + offset;
  };
  const weights = { filters, biases: Float32Array.of(bias) };
  const [corrected] = correctedBiases(layer, weights, bytes, Float32Array.of(value));
  expect(meanOutput(bytes.filters, corrected!)).toBeCloseTo(meanOutput(filters, bias), 5);
  expect(corrected).not.toBeCloseTo(bias, 1);
});

describe('quantizing weights', () => {
  const tensors = trainedTensors();
  const variance = tensors.get('block4.pointwise_bn.running_var')!;
  tensors.set('at64.block4.pointwise_bn.running_var', { ...variance, data: variance.data.map((_, i) => 1 + (i % 3)) });
  for (const [i, at] of RESOLUTIONS.entries()) {
    tensors.set(`at${at}.calibration.scales`, { shape: [3], data: Float32Array.of(1, 0.5 + i, 2) });
    tensors.set(`at${at}.calibration.offsets`, { shape: [3], data: Float32Array.of(-0.5, i, 0.2) });
  }
  const file = writeSafetensors(tensors, () => 'F32');
  const quantized = quantizeEveryday(file, {
    ...{ alpha: ALPHA, resolutions: RESOLUTIONS, pixelMeans: [127.5, 127.5, 127.5] },
    async *observe(model, resolution) {
      yield await run(model, pictures(8, resolution), resolution);
    },
  });

  test.each(RESOLUTIONS)(
    'gives nearly the same scores at %s pixels, with its statistics and calibration',
    async (resolution) => {
      const options = { alpha: ALPHA, resolution };
      const batch = pictures(8, resolution);
      const float = (await run(buildEveryday(file, options), batch, resolution)).probabilities!;
      const int8 = (await run(buildEverydayInt8(await quantized, options), batch, resolution)).probabilities!;
      const spread = Math.max(...float) - Math.min(...float);
      expect(spread).toBeGreaterThan(0.05);
      int8.forEach((value, i) => expect(Math.abs(value - float[i]!)).toBeLessThan(0.1 * spread));
    },
  );

  test('keeps filters once for all resolutions, a byte each', async () => {
    const names = [...readSafetensors(await quantized).keys()];
    expect(names.filter((name) => name.endsWith('.filters'))).toHaveLength(layers.length);
    expect(names).toContain('at64.block13.pointwise.scales');
    expect((await quantized).length).toBeLessThan(file.length / 2);
  });

  test('says at which layer filters differ by resolution', async () => {
    const tensors = trainedTensors();
    const { shape, data } = tensors.get('block2.pointwise.weight')!;
    tensors.set('at64.block2.pointwise.weight', { shape, data: data.toReversed() });
    const attempt = quantizeEveryday(
      writeSafetensors(tensors, () => 'F32'),
      {
        ...{ alpha: ALPHA, resolutions: RESOLUTIONS, pixelMeans: [127.5, 127.5, 127.5] },
        async *observe(model, resolution) {
          yield await run(model, pictures(1, resolution), resolution);
        },
      },
    );
    await expect(attempt).rejects.toThrow('The filters of block2.pointwise differ by resolution');
  });

  test('reads no weights that aren’t quantized as such', () => {
    const options = { alpha: ALPHA, resolution: 64 };
    expect(() => buildEverydayInt8(file, options)).toThrow('No tensor classifier.biases');
  });
});
