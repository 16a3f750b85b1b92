import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../test/helpers/random.ts';
import { architecture, type Layer, NETWORKS, type OnnxOptions, randomWeights, writeOnnx } from '../src/index.ts';
import { picture, run, runAll } from './run-model.ts';

const RESOLUTION = 32;
const scaling = { inputScale: 1 / 127.5, inputZeroPoint: 127.5 };

function network(overrides: Partial<OnnxOptions> = {}): OnnxOptions {
  const layers = architecture({ network: 'mobilenet-v1', alpha: 0.25, resolution: RESOLUTION, classes: 5 });
  const weights = randomWeights(layers, seededRandom(1));
  for (const { biases } of weights.values()) biases.set(biases.map((_, i) => 0.1 * Math.sin(i)));
  const plain = { activation: 'relu', padding: 'symmetric', outputs: 'softmax' } as const;
  return { layers, weights, ...scaling, ...plain, ...overrides };
}

/** The same network in plain loops: slow, and written without a look at the writer. */
function reference(pixels: Uint8Array, { layers, weights, activation, padding, outputs }: OnnxOptions): number[] {
  let maps: number[][][] = [0, 1, 2].map((c) =>
    Array.from({ length: RESOLUTION }, (_, y) =>
      Array.from({ length: RESOLUTION }, (_, x) => pixels[(y * RESOLUTION + x) * 3 + c]! / 127.5 - 1),
    ),
  );
  const activate = (v: number) => (activation === 'relu6' ? Math.min(Math.max(v, 0), 6) : Math.max(v, 0));
  const outputsOf = new Map<string, number[][][]>();
  for (const layer of layers.slice(0, -1)) {
    const convolved = convolve(maps, layer, weights, padding);
    maps = layer.isLinear ? convolved : convolved.map((m) => m.map((r) => r.map(activate)));
    const other = layer.residual === undefined ? undefined : outputsOf.get(layer.residual)!;
    if (other) maps = maps.map((m, n) => m.map((r, y) => r.map((v, x) => v + other[n]![y]![x]!)));
    outputsOf.set(layer.name, maps);
  }
  const pooled = maps.map((map) => map.flat().reduce((a, b) => a + b) / map.flat().length);
  const { filters, biases } = weights.get('classifier')!;
  const logits = [...biases].map((bias, n) =>
    pooled.reduce((sum, v, m) => sum + v * filters[n * pooled.length + m]!, bias),
  );
  if (outputs === 'sigmoid') return logits.map((v) => 1 / (1 + Math.exp(-v)));
  const exponentials = logits.map((v) => Math.exp(v - Math.max(...logits)));
  return exponentials.map((v) => v / exponentials.reduce((a, b) => a + b));
}

function convolve(
  maps: number[][][],
  layer: Layer,
  weights: OnnxOptions['weights'],
  padding: OnnxOptions['padding'],
): number[][][] {
  const { name, kind, kernel, stride, inputChannels, outputChannels, inputSize, outputSize } = layer;
  const { filters, biases } = weights.get(name)!;
  // SAME at stride 2 on an even side: nothing before, one after. Elsewhere one on each side of a 3x3.
  const before = kernel === 1 ? 0 : padding === 'tensorflow-same' && stride === 2 ? 0 : 1;
  const depth = kind === 'depthwise' ? 1 : inputChannels;
  return Array.from({ length: outputChannels }, (_, n) =>
    Array.from({ length: outputSize }, (_, y) =>
      Array.from({ length: outputSize }, (_, x) => {
        let sum = biases[n]!;
        for (let m = 0; m < depth; m++) {
          for (let i = 0; i < kernel; i++) {
            for (let j = 0; j < kernel; j++) {
              const [row, column] = [y * stride + i - before, x * stride + j - before];
              if (row < 0 || column < 0 || row >= inputSize || column >= inputSize) continue;
              const source = maps[kind === 'depthwise' ? n : m]!;
              sum += source[row]![column]! * filters[((n * depth + m) * kernel + i) * kernel + j]!;
            }
          }
        }
        return sum;
      }),
    ),
  );
}

describe('a written network', () => {
  test.each([
    { activation: 'relu', padding: 'symmetric' },
    { activation: 'relu6', padding: 'tensorflow-same' },
    { activation: 'relu', padding: 'symmetric', outputs: 'sigmoid' },
  ] as const)('computes what plain loops do: %j', async (options) => {
    const given = network(options);
    const expected = reference(picture(RESOLUTION), given);
    const actual = await run(writeOnnx(given), picture(RESOLUTION), RESOLUTION);
    expect(actual).toHaveLength(5);
    actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
  });

  test('computes what plain loops do with inverted residuals and linear bottlenecks', async () => {
    const layers = architecture({ network: 'mobilenet-v2', alpha: 0.35, resolution: RESOLUTION, classes: 5 });
    const weights = randomWeights(layers, seededRandom(1));
    for (const { biases } of weights.values()) biases.set(biases.map((_, i) => 0.1 * Math.sin(i)));
    const given = network({ layers, weights, activation: 'relu6', padding: 'tensorflow-same' });
    const expected = reference(picture(RESOLUTION), given);
    const actual = await run(writeOnnx(given), picture(RESOLUTION), RESOLUTION);
    actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
  });

  test('takes any number of images at once, each for itself', async () => {
    const model = writeOnnx(network());
    const three = picture(RESOLUTION, 3);
    const together = await run(model, three, RESOLUTION);
    const size = RESOLUTION * RESOLUTION * 3;
    const second = await run(model, three.slice(size, 2 * size), RESOLUTION);
    expect(together).toHaveLength(15);
    second.forEach((value, i) => expect(together[5 + i]).toBeCloseTo(value, 5));
  });

  test('gives what its classifier reads as features, of each image', async () => {
    const given = network({ outputs: 'sigmoid' });
    const { features, probabilities } = await runAll(writeOnnx(given), picture(RESOLUTION, 2), RESOLUTION);
    const { filters, biases } = given.weights.get('classifier')!;
    const channels = filters.length / biases.length;
    expect(features).toHaveLength(2 * channels);
    const expected = [0, 1].flatMap((image) =>
      [...biases].map((bias, n) => {
        const products = features!
          .slice(image * channels, (image + 1) * channels)
          .map((v, m) => v * filters[n * channels + m]!);
        return 1 / (1 + Math.exp(-products.reduce((a, b) => a + b, bias)));
      }),
    );
    expected.forEach((value, i) => expect(probabilities![i]).toBeCloseTo(value, 5));
  });

  test.each(NETWORKS)('runs on ONNX Runtime with random weights: %s', async (name) => {
    const layers = architecture({ network: name, alpha: 0.25, resolution: 64, classes: 10 });
    const model = writeOnnx({ ...network(), layers, weights: randomWeights(layers, seededRandom(3)) });
    const probabilities = await run(model, picture(64), 64);
    expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  });

  test('is refused if a layer’s weights are missing or of the wrong length', () => {
    const { weights, ...rest } = network();
    const without = new Map([...weights].filter(([name]) => name !== 'block3.depthwise'));
    expect(() => writeOnnx({ ...rest, weights: without })).toThrow('No weights for layer block3.depthwise');
    const short = new Map(weights).set('stem', { filters: new Float32Array(3), biases: new Float32Array(8) });
    expect(() => writeOnnx({ ...rest, weights: short })).toThrow(/Layer stem has 3 weights/);
  });
});
