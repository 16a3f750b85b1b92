import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../test/helpers/random.ts';
import {
  architecture,
  type Layer,
  type Quantization,
  type QuantizedNetwork,
  type QuantizedOnnxOptions,
  weightCount,
  writeQuantizedOnnx,
} from '../src/index.ts';
import { picture, run, runAll } from './run-model.ts';

const SIDE = 32;

/** On processors that saturate, only ONNX Runtime's precise mode is exact; on others it changes nothing but the time. */
const EXACT = { extra: { session: { x64quantprecision: '1' } } };

/** Random bytes everywhere, with scales at which most activations are neither 0 nor 255. */
function network(zeroPoint: number, layers = layersOf()): QuantizedNetwork {
  const random = seededRandom(5);
  const activations = new Map<string, Quantization>([['pool', { scale: 6 / 255, zeroPoint }]]);
  const weights = new Map(
    layers.map((layer) => {
      // What isn't cut off has both signs.
      const own = layer.isLinear ? { scale: 3 / 255, zeroPoint: 130 } : { scale: 6 / 255, zeroPoint };
      activations.set(layer.name, own);
      if (layer.residual !== undefined) activations.set(`${layer.name}.sum`, { scale: 5 / 255, zeroPoint: 126 });
      const count = weightCount(layer);
      const spread = Math.sqrt((count / layer.outputChannels) * (layer.kind === 'depthwise' ? 2 : 1));
      const scale = () => (0.02 / spread) * (0.5 + random());
      return [
        layer.name,
        {
          filters: Int8Array.from({ length: count }, () => Math.round((random() - 0.5) * 254)),
          filterScales: Float32Array.from({ length: layer.outputChannels }, scale),
          biases: Int32Array.from({ length: layer.outputChannels }, () => Math.floor((random() - 0.3) * 5000)),
        },
      ];
    }),
  );
  return { input: { scale: 1 / 128, zeroPoint: 128 }, weights, activations };
}

function layersOf(): Layer[] {
  return architecture({ network: 'mobilenet-v1', alpha: 0.25, resolution: SIDE, classes: 5 });
}

/** Planes of bytes. */
type Planes = number[][][];

/** A layer in whole numbers: products added exactly, scaled in float32, rounded to even, cut off at what the activation allows. */
function convolve(planes: Planes, layer: Layer, net: QuantizedNetwork, input: Quantization, options: Options): Planes {
  const { name, kind, kernel, stride, inputChannels, outputChannels, inputSize, outputSize } = layer;
  const { filters, filterScales, biases } = net.weights.get(name)!;
  const output = net.activations.get(name)!;
  const before = kernel === 1 ? 0 : options.padding === 'tensorflow-same' && stride === 2 ? 0 : 1;
  const depth = kind === 'depthwise' ? 1 : inputChannels;
  const most = options.activation === 'relu6' ? Math.min(255, output.zeroPoint + Math.round(6 / output.scale)) : 255;
  return Array.from({ length: outputChannels }, (_, n) => {
    const scale = Math.fround(Math.fround(input.scale) * filterScales[n]!);
    const multiplier = Math.fround(scale / Math.fround(output.scale));
    return Array.from({ length: outputSize }, (_, y) =>
      Array.from({ length: outputSize }, (_, x) => {
        let sum = biases[n]!;
        for (let m = 0; m < depth; m++) {
          for (let tap = 0; tap < kernel * kernel; tap++) {
            const [row, column] = [
              y * stride + Math.floor(tap / kernel) - before,
              x * stride + (tap % kernel) - before,
            ];
            if (row < 0 || column < 0 || row >= inputSize || column >= inputSize) continue;
            const byte = planes[kind === 'depthwise' ? n : m]![row]![column]!;
            sum += (byte - input.zeroPoint) * filters[(n * depth + m) * kernel * kernel + tap]!;
          }
        }
        const rounded = roundedToEven(Math.fround(sum * multiplier)) + output.zeroPoint;
        if (layer.isLinear) return Math.min(Math.max(rounded, 0), 255);
        return Math.min(Math.max(rounded, output.zeroPoint), most);
      }),
    );
  });
}

/** Two activations of bytes, added as what they stand for. */
function sumOf(a: Planes, from: Quantization, b: Planes, other: Quantization, to: Quantization): Planes {
  return a.map((plane, n) =>
    plane.map((row, y) =>
      row.map((byte, x) => {
        const sum = (byte - from.zeroPoint) * from.scale + (b[n]![y]![x]! - other.zeroPoint) * other.scale;
        return Math.min(Math.max(roundedToEven(sum / to.scale) + to.zeroPoint, 0), 255);
      }),
    ),
  );
}

function roundedToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

type Options = Pick<QuantizedOnnxOptions, 'activation' | 'padding'>;

/** The probabilities, in plain loops. */
function reference(pixels: Uint8Array, net: QuantizedNetwork, options: Options, layers = layersOf()): number[] {
  let planes: Planes = [0, 1, 2].map((c) =>
    Array.from({ length: SIDE }, (_, y) => Array.from({ length: SIDE }, (_, x) => pixels[(y * SIDE + x) * 3 + c]!)),
  );
  let input = net.input;
  const values = new Map<string, { planes: Planes; quantization: Quantization }>();
  for (const layer of layers.slice(0, -1)) {
    planes = convolve(planes, layer, net, input, options);
    input = net.activations.get(layer.name)!;
    const other = layer.residual === undefined ? undefined : values.get(layer.residual)!;
    if (other) {
      const sum = net.activations.get(`${layer.name}.sum`)!;
      planes = sumOf(planes, input, other.planes, other.quantization, sum);
      input = sum;
    }
    values.set(layer.name, { planes, quantization: input });
  }
  // Else what comes before the classifier wouldn't matter.
  expect(new Set(planes.flat(2)).size).toBeGreaterThan(20);
  const pool = net.activations.get('pool')!;
  const { filters, filterScales, biases } = net.weights.get('classifier')!;
  const logits = [...biases].map((bias, n) => {
    const products = planes.map((plane, m) => {
      const mean = plane.flat().reduce((a, b) => a + b) / plane.flat().length;
      const byte = roundedToEven(((mean - input.zeroPoint) * input.scale) / pool.scale) + pool.zeroPoint;
      return (byte - pool.zeroPoint) * filters[n * planes.length + m]!;
    });
    const sum = products.reduce((a, b) => a + b, bias);
    return sum * pool.scale * filterScales[n]!;
  });
  return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
}

const ours = { activation: 'relu', padding: 'symmetric' } as const;
const publisher = { activation: 'relu6', padding: 'tensorflow-same' } as const;

describe('a quantized network', () => {
  test.each([
    ['as this project trains it', 0, ours],
    ['as the publisher does', 0, publisher],
    ['activations that begin above zero, so that they have to be clipped', 9, publisher],
  ])('computes what plain whole numbers do: %s', async (_, zeroPoint, options) => {
    const net = network(zeroPoint);
    const model = writeQuantizedOnnx({
      layers: layersOf(),
      network: net,
      outputs: 'sigmoid',
      ...options,
    });
    const expected = reference(picture(SIDE), net, options);
    // Else all would be 0 or 1 whatever the network computes.
    expect(Math.max(...expected.map((value) => Math.abs(value - 0.5)))).toBeLessThan(0.49);
    const actual = await run(model, picture(SIDE), SIDE, EXACT);
    expect(actual).toHaveLength(5);
    actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
  });

  test('computes what plain whole numbers do with inverted residuals and linear bottlenecks', async () => {
    const layers = architecture({ network: 'mobilenet-v2', alpha: 0.35, resolution: SIDE, classes: 5 });
    const net = network(0, layers);
    const model = writeQuantizedOnnx({ layers, network: net, outputs: 'sigmoid', ...publisher });
    const expected = reference(picture(SIDE), net, publisher, layers);
    expect(Math.max(...expected.map((value) => Math.abs(value - 0.5)))).toBeLessThan(0.49);
    const actual = await run(model, picture(SIDE), SIDE, EXACT);
    actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
  });

  test('gives what its classifier reads as features, in the numbers that the bytes stand for', async () => {
    const net = network(9);
    const model = writeQuantizedOnnx({ layers: layersOf(), network: net, outputs: 'sigmoid', ...publisher });
    const { features, probabilities } = await runAll(model, picture(SIDE), SIDE, EXACT);
    const { filters, filterScales, biases } = net.weights.get('classifier')!;
    const { scale } = net.activations.get('pool')!;
    expect(features).toHaveLength(filters.length / biases.length);
    [...biases].forEach((bias, n) => {
      const products = features!.map((v, m) => v * filterScales[n]! * filters[n * features!.length + m]!);
      const logit = products.reduce((a, b) => a + b, bias * scale * filterScales[n]!);
      expect(probabilities![n]).toBeCloseTo(1 / (1 + Math.exp(-logit)), 5);
    });
  });

  test('takes any number of images at once', async () => {
    const net = network(0);
    const model = writeQuantizedOnnx({ layers: layersOf(), network: net, outputs: 'sigmoid', ...ours });
    const three = picture(SIDE, 3);
    const actual = await run(model, three, SIDE, EXACT);
    expect(actual).toHaveLength(15);
    const second = three.slice(SIDE * SIDE * 3, 2 * SIDE * SIDE * 3);
    reference(second, net, ours).forEach((value, i) => expect(actual[5 + i]).toBeCloseTo(value, 6));
  });

  test('is refused if weights are missing or don’t fit, or an activation has no usable scale', () => {
    const write = (net: QuantizedNetwork) => () =>
      writeQuantizedOnnx({ layers: layersOf(), network: net, outputs: 'sigmoid', ...ours });
    const net = network(0);
    const stem = net.weights.get('stem')!;
    const withStem = (change: Partial<typeof stem>) => ({
      ...net,
      weights: new Map(net.weights).set('stem', { ...stem, ...change }),
    });
    expect(write({ ...net, weights: new Map() })).toThrow('No weights for layer stem');
    expect(write(withStem({ filterScales: new Float32Array(3).fill(1) }))).toThrow(/Layer stem has .* 3 scales/);
    expect(write(withStem({ filterScales: Float32Array.of(0) }))).toThrow('filters of layer stem');
    const activations = new Map(net.activations).set('stem', { scale: Number.NaN, zeroPoint: 0 });
    expect(write({ ...net, activations })).toThrow('what stem gives');
  });
});
