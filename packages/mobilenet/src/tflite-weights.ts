import type { Layer } from './architecture.ts';
import { aroundZero } from './around-zero.ts';
import type { Quantization, QuantizedLayer, QuantizedNetwork } from './quantized.ts';
import type { TfliteTensor } from './tflite.ts';
import { notMobileNet, type TfliteNetwork } from './tflite-network.ts';
import type { LayerWeights, Weights } from './weights.ts';

/** How far a bias's scale may be from input scale x filter scale, which TensorFlow Lite holds it to: float32's rounding. */
const BIAS_SCALE_TOLERANCE = 1e-5;

/** Its weights as the numbers that they stand for. */
export function floatWeights({ layers, operators }: TfliteNetwork): Weights {
  return new Map(
    layers.map((layer): [string, LayerWeights] => {
      const { filters, biases } = operandsOf({ operators }, layer);
      return [layer.name, { filters: inOnnxOrder(real(filters, layer), layer), biases: real(biases, layer) }];
    }),
  );
}

/**
 * Its weights and activations in the file's own whole numbers, but for filters that reach too far for a signed byte around zero:
 * see {@link aroundZero}.
 *
 * @throws {TagmillError} `invalid-model` naming the layer that is not quantized as TensorFlow Lite has it.
 */
export function quantizedWeights({ input, layers, operators, pooled }: TfliteNetwork): QuantizedNetwork {
  const activations = new Map([['pool', quantizationOf(pooled, 'pool')]]);
  const weights = new Map<string, QuantizedLayer>();
  for (const layer of layers) {
    const { filters, biases } = operandsOf({ operators }, layer);
    const quantization = quantizationOf(filters, layer.name);
    const inputScale = quantizationOf(operators.get(layer.name)!.inputs[0]!, layer.name).scale;
    const [bytes, sums] = [stored(filters, layer), stored(biases, layer)];
    if (!(bytes instanceof Uint8Array && sums instanceof Int32Array)) {
      throw notMobileNet(`at layer ${layer.name}: filters of ${filters.type} and biases of ${biases.type}`);
    }
    checkBiasScale(biases, inputScale * quantization.scale, layer);
    weights.set(layer.name, aroundZero(inOnnxOrder(bytes, layer), quantization, sums));
    if (layer.kind !== 'fully-connected') {
      activations.set(layer.name, quantizationOf(operators.get(layer.name)!.outputs[0]!, layer.name));
    }
  }
  return { input: quantizationOf(input, 'input'), weights, activations };
}

function checkBiasScale(biases: TfliteTensor, expected: number, { name }: Layer): void {
  const { scale, zeroPoint } = quantizationOf(biases, name);
  if (zeroPoint !== 0 || !(Math.abs(scale / expected - 1) < BIAS_SCALE_TOLERANCE)) {
    throw notMobileNet(`at layer ${name}: its biases are in units of ${scale}, expected ${expected}`);
  }
}

function operandsOf({ operators }: Pick<TfliteNetwork, 'operators'>, { name }: Layer) {
  const [, filters, biases] = operators.get(name)!.inputs;
  if (!filters || !biases) throw notMobileNet(`at layer ${name}: no ${filters ? 'biases' : 'filters'}`);
  return { filters, biases };
}

function quantizationOf({ quantization, name }: TfliteTensor, layer: string): Quantization {
  if (!quantization) throw notMobileNet(`at layer ${layer}: tensor ${name} is not quantized`);
  return quantization;
}

/** The numbers that a constant tensor's elements stand for. */
function real(tensor: TfliteTensor, layer: Layer): Float32Array {
  if (tensor.type !== 'float32' && !tensor.quantization) {
    throw notMobileNet(`at layer ${layer.name}: tensor ${tensor.name} is neither float32 nor quantized uint8`);
  }
  const { scale, zeroPoint } = tensor.quantization ?? { scale: 1, zeroPoint: 0 };
  return Float32Array.from(stored(tensor, layer), (value) => (value - zeroPoint) * scale);
}

const ELEMENTS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array } as const;

type Elements = Float32Array | Int32Array | Uint8Array;

/** A constant tensor's elements, as they are stored. */
function stored({ name, type, shape, data }: TfliteTensor, layer: Layer): Elements {
  if (type === 'other')
    throw notMobileNet(`at layer ${layer.name}: tensor ${name} is neither float32 nor quantized uint8`);
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
