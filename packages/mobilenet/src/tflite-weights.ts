import type { Layer } from './architecture.ts';
import { aroundZero } from './around-zero.ts';
import type { Quantization, QuantizedLayer, QuantizedNetwork } from './quantized.ts';
import { sumName } from './quantized-onnx.ts';
import type { TfliteTensor } from './tflite.ts';
import { notMobileNet, type TfliteNetwork } from './tflite-network.ts';
import type { LayerWeights, Weights } from './weights.ts';

/** How far a bias's scale may be from input scale x filter scale, which TensorFlow Lite holds it to: float32's rounding. */
const BIAS_SCALE_TOLERANCE = 1e-5;

/** Its weights as the numbers that they stand for. */
export function floatWeights({ layers, operators }: TfliteNetwork): Weights {
  return new Map(
    layers.map((layer): [string, LayerWeights] => {
      const { filters, biases } = findOperands({ operators }, layer);
      return [
        layer.name,
        {
          filters: real(filters, inOnnxOrder(readElements(filters, layer), layer)),
          biases: real(biases, readElements(biases, layer)),
        },
      ];
    }),
  );
}

/**
 * Its weights and activations in the file's own whole numbers, but for filters that reach too far for a signed byte around zero:
 * see {@link aroundZero}.
 *
 * @throws {TagmillError} `invalid-model` naming the layer that is not quantized as TensorFlow Lite has it.
 */
export function quantizedWeights({ input, layers, operators, sums, pooled }: TfliteNetwork): QuantizedNetwork {
  const activations = new Map([['pool', readActivation(pooled, 'pool')]]);
  const weights = new Map<string, QuantizedLayer>();
  for (const layer of layers) {
    const { filters, biases } = findOperands({ operators }, layer);
    const inputScale = readActivation(operators.get(layer.name)!.inputs[0]!, layer.name).scale;
    weights.set(layer.name, quantizedLayer(filters, biases, inputScale, layer));
    if (layer.kind !== 'fully-connected') {
      activations.set(layer.name, readActivation(operators.get(layer.name)!.outputs[0]!, layer.name));
    }
    const sum = sums.get(layer.name);
    if (sum) activations.set(sumName(layer), readActivation(sum, layer.name));
  }
  return { input: readActivation(input, 'input'), weights, activations };
}

/** Filters of unsigned bytes have one scale, and become signed ones; signed ones have a scale for each output channel. */
function quantizedLayer(filters: TfliteTensor, biases: TfliteTensor, inputScale: number, layer: Layer): QuantizedLayer {
  const { scales, zeroPoint } = readQuantization(filters, layer.name);
  const [bytes, sums] = [readElements(filters, layer), readElements(biases, layer)];
  if (bytes instanceof Float32Array || bytes instanceof Int32Array || !(sums instanceof Int32Array)) {
    throw notMobileNet(`at layer ${layer.name}: filters of ${filters.type} and biases of ${biases.type}`);
  }
  checkBiasScales(
    biases,
    scales.map((scale) => inputScale * scale),
    layer,
  );
  const ordered = inOnnxOrder(bytes, layer);
  if (ordered instanceof Uint8Array) return aroundZero(ordered, { scale: scales[0]!, zeroPoint }, sums);
  if (zeroPoint !== 0) throw notMobileNet(`at layer ${layer.name}: signed filters around ${zeroPoint}`);
  const filterScales = Float32Array.from(sums, (_, channel) => scales[scales.length === 1 ? 0 : channel]!);
  return { filters: ordered, filterScales, biases: sums };
}

function checkBiasScales(biases: TfliteTensor, expected: readonly number[], { name }: Layer): void {
  const { scales, zeroPoint } = readQuantization(biases, name);
  const odd = expected.findIndex((each, i) => !(Math.abs((scales[i] ?? Number.NaN) / each - 1) < BIAS_SCALE_TOLERANCE));
  if (zeroPoint !== 0 || scales.length !== expected.length || odd >= 0) {
    const channel = Math.max(odd, 0);
    throw notMobileNet(
      `at layer ${name}: its biases are in units of ${scales[channel]}, expected ${expected[channel]}`,
    );
  }
}

function findOperands({ operators }: Pick<TfliteNetwork, 'operators'>, { name }: Layer) {
  const [, filters, biases] = operators.get(name)!.inputs;
  if (!filters || !biases) throw notMobileNet(`at layer ${name}: no ${filters ? 'biases' : 'filters'}`);
  return { filters, biases };
}

function readQuantization(
  { quantization, name }: TfliteTensor,
  layer: string,
): NonNullable<TfliteTensor['quantization']> {
  if (!quantization) throw notMobileNet(`at layer ${layer}: tensor ${name} is not quantized`);
  return quantization;
}

/** Of bytes as ONNX Runtime computes with them, unsigned: a signed byte is 128 less. */
function readActivation(tensor: TfliteTensor, layer: string): Quantization {
  const { scales, zeroPoint } = readQuantization(tensor, layer);
  const [scale, ...more] = scales;
  if (more.length > 0) throw notMobileNet(`at layer ${layer}: what is computed is quantized by channel`);
  return { scale: scale!, zeroPoint: tensor.type === 'int8' ? zeroPoint + 128 : zeroPoint };
}

/** The numbers that a constant tensor's elements stand for, an output channel after the other. */
function real({ name, type, quantization }: TfliteTensor, elements: Elements): Float32Array {
  if (type !== 'float32' && !quantization) throw notMobileNet(`tensor ${name} is neither float32 nor quantized`);
  const { scales, zeroPoint } = quantization ?? { scales: [1], zeroPoint: 0 };
  const perScale = elements.length / scales.length;
  return Float32Array.from(elements, (value, i) => (value - zeroPoint) * scales[Math.floor(i / perScale)]!);
}

const ELEMENTS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array, int8: Int8Array } as const;

type Elements = Float32Array | Int32Array | Uint8Array | Int8Array;

/** A constant tensor's elements, as they are stored. */
function readElements({ name, type, shape, data }: TfliteTensor, layer: Layer): Elements {
  if (type === 'other') throw notMobileNet(`at layer ${layer.name}: tensor ${name} is neither float32 nor quantized`);
  const count = shape.reduce((product, side) => product * side, 1);
  const Elements = ELEMENTS[type];
  if (data.length !== count * Elements.BYTES_PER_ELEMENT) {
    throw notMobileNet(`at layer ${layer.name}: tensor ${name} has ${data.length} bytes for a shape of [${shape}]`);
  }
  // Copied, since a view of elements must be aligned.
  return new Elements(Uint8Array.from(data).buffer);
}

/**
 * TensorFlow Lite keeps a convolution's filters as output, height, width, input, and a depthwise one's as height, width,
 * channel; ONNX wants output, input, height, width.
 */
function inOnnxOrder<E extends Elements>(elements: E, { kind, kernel, inputChannels, outputChannels }: Layer): E {
  const area = kernel * kernel;
  if (area === 1) return elements;
  const depth = kind === 'depthwise' ? 1 : inputChannels;
  const filters = elements.slice() as E;
  for (let output = 0; output < outputChannels; output++) {
    for (let input = 0; input < depth; input++) {
      for (let at = 0; at < area; at++) {
        const from = kind === 'depthwise' ? at * outputChannels + output : (output * area + at) * depth + input;
        filters[(output * depth + input) * area + at] = elements[from]!;
      }
    }
  }
  return filters;
}
