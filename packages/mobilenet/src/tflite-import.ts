import { TagmillError } from '@tagmill/core';
import { architecture, type Layer, type LayerKind } from './architecture.ts';
import { writeOnnx } from './onnx.ts';
import { readTflite, type TfliteModel, type TfliteOperator, type TfliteTensor } from './tflite.ts';
import type { LayerWeights, Weights } from './weights.ts';

export interface ImportedNetwork {
  /** Width multiplier. */
  alpha: number;
  /** Side of the square that goes in, in pixels. */
  resolution: number;
  classes: number;
  /** Whether the file's weights were bytes, which the model's floats stand for. */
  quantized: boolean;
  /** A model as `writeOnnx` describes it. */
  onnx: Uint8Array;
}

/** Channels that go into the classifier at alpha 1: Table 1. */
const LAST_CHANNELS = 1024;

/** The publisher's float files say nothing of their input; slim scales it to [-1, 1]. */
const FLOAT_INPUT = { scale: 1 / 127.5, zeroPoint: 127.5 };

/**
 * Turns the publisher's `.tflite` of a MobileNet V1, float or quantized, into an ONNX model in float32.
 *
 * @throws {TagmillError} `invalid-model`, naming the layer at which the graph is no MobileNet V1 and how it differs.
 */
export function importTflite(bytes: Uint8Array): ImportedNetwork {
  const model = readTflite(bytes);
  const input = theOnly(model.inputs, 'input');
  const [, height, width, depth] = input.shape;
  if (input.shape.length !== 4 || height !== width || depth !== 3) {
    throw invalid(`its input is [${input.shape}], expected [1, S, S, 3]`);
  }
  const body = withoutTail(model);
  const classifier = body.at(-1)!;
  const [classes, ...fan] = weightTensor(classifier, 'the classifier').shape as [number, ...number[]];
  const alpha = fan.at(-1)! / LAST_CHANNELS;
  const layers = describe(() => architecture({ network: 'mobilenet-v1', alpha, resolution: height!, classes }));

  let value = input;
  const weights: Weights = new Map(
    layers.map((layer, i) => {
      const operator = body[i];
      if (!operator) throw invalid(`it ends before layer ${layer.name}`);
      if (layer.kind === 'fully-connected') value = poolBefore(operator, value, body[i + 1]);
      const step = layer.kind === 'fully-connected' ? body[i + 1]! : operator;
      checkLayer(step, layer, value);
      value = theOnly(step.outputs, `output of ${layer.name}`);
      return [layer.name, layerWeights(step, layer)];
    }),
  );
  if (body.length !== layers.length + 1) throw invalid(`it has ${body.length} layers, expected ${layers.length + 1}`);

  const { scale: inputScale, zeroPoint: inputZeroPoint } = input.quantization ?? FLOAT_INPUT;
  return {
    alpha,
    resolution: height!,
    classes,
    quantized: input.type === 'uint8',
    onnx: writeOnnx({
      layers,
      weights,
      inputSize: height!,
      inputScale,
      inputZeroPoint,
      activation: 'relu6',
      padding: 'tensorflow-same',
      outputs: 'softmax',
    }),
  };
}

/** The convolutions, the pool and the classifier: what comes before the reshape and the softmax. */
function withoutTail({ operators }: TfliteModel): TfliteOperator[] {
  const pool = operators.findIndex(({ kind }) => kind === 'average-pool');
  if (pool < 0) throw invalid('it has no average pool');
  const [classifier, ...tail] = operators.slice(pool + 1);
  if (classifier?.kind !== 'convolution' && classifier?.kind !== 'fully-connected') {
    throw invalid('nothing classifies after the average pool: this file gives embeddings, not classes');
  }
  const last = tail.pop();
  if (last?.kind !== 'softmax')
    throw invalid(`it ends in ${last ? nameOf(last) : 'the classifier'}, expected a softmax`);
  const odd = tail.find(({ kind }) => kind !== 'reshape' && kind !== 'squeeze');
  if (odd) throw invalid(`${nameOf(odd)} stands between the classifier and the softmax`);
  return operators.slice(0, pool + 2);
}

function poolBefore(pool: TfliteOperator, value: TfliteTensor, classifier: TfliteOperator | undefined): TfliteTensor {
  if (pool.kind !== 'average-pool' || pool.inputs[0] !== value || !classifier) {
    throw invalid(`at the average pool: ${nameOf(pool)} instead`);
  }
  const pooled = theOnly(pool.outputs, 'output of the average pool');
  if (pooled.shape[1] !== 1 || pooled.shape[2] !== 1) throw invalid(`its average pool leaves [${pooled.shape}]`);
  return pooled;
}

const OPERATOR_OF: Record<LayerKind, readonly TfliteOperator['kind'][]> = {
  standard: ['convolution'],
  depthwise: ['depthwise-convolution'],
  pointwise: ['convolution'],
  'fully-connected': ['convolution', 'fully-connected'],
};

function checkLayer(operator: TfliteOperator, layer: Layer, value: TfliteTensor): void {
  const { name, kind, kernel, stride, inputChannels, outputChannels } = layer;
  const fail = (what: string) => {
    throw invalid(`at layer ${name}: ${what}`);
  };
  if (!OPERATOR_OF[kind].includes(operator.kind))
    fail(`expected a ${OPERATOR_OF[kind].join(' or ')}, found ${nameOf(operator)}`);
  if (operator.inputs[0] !== value) fail('it is not fed by the layer before');
  const shape = weightTensor(operator, name).shape;
  const expected =
    kind === 'depthwise'
      ? [1, kernel, kernel, outputChannels]
      : operator.kind === 'fully-connected'
        ? [outputChannels, inputChannels]
        : [outputChannels, kernel, kernel, inputChannels];
  if (shape.join() !== expected.join()) fail(`its filters are [${shape}], expected [${expected}]`);
  if (kind === 'fully-connected') return;
  if (operator.stride?.height !== stride || operator.stride.width !== stride) {
    fail(`its stride is ${operator.stride?.height} x ${operator.stride?.width}, expected ${stride} x ${stride}`);
  }
  if (operator.padding !== 'same') fail(`its padding is ${operator.padding}, expected same`);
  if (operator.activation !== 'relu6') fail(`its activation is ${operator.activation}, expected relu6`);
}

function layerWeights(operator: TfliteOperator, layer: Layer): LayerWeights {
  const stored = elements(weightTensor(operator, layer.name), layer.name);
  const biases = operator.inputs[2];
  if (!biases) throw invalid(`at layer ${layer.name}: no biases`);
  return { filters: channelsFirst(stored, layer), biases: elements(biases, layer.name) };
}

/**
 * TensorFlow Lite keeps a convolution's filters as output, height, width, input, and a depthwise one's as height, width,
 * channel; ONNX wants output, input, height, width.
 */
function channelsFirst(stored: Float32Array, { kind, kernel, inputChannels, outputChannels }: Layer): Float32Array {
  const area = kernel * kernel;
  if (area === 1) return stored;
  const depth = kind === 'depthwise' ? 1 : inputChannels;
  const filters = new Float32Array(stored.length);
  for (let output = 0; output < outputChannels; output++) {
    for (let input = 0; input < depth; input++) {
      for (let at = 0; at < area; at++) {
        const from = kind === 'depthwise' ? at * outputChannels + output : (output * area + at) * depth + input;
        filters[(output * depth + input) * area + at] = stored[from]!;
      }
    }
  }
  return filters;
}

const ELEMENTS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array } as const;

/** A constant tensor's elements, as the numbers that they stand for. */
function elements({ name, type, shape, data, quantization }: TfliteTensor, layer: string): Float32Array {
  if (type === 'other' || (type !== 'float32' && !quantization)) {
    throw invalid(`at layer ${layer}: tensor ${name} is neither float32 nor quantized uint8`);
  }
  const count = shape.reduce((product, side) => product * side, 1);
  const Elements = ELEMENTS[type];
  if (data.length !== count * Elements.BYTES_PER_ELEMENT) {
    throw invalid(`at layer ${layer}: tensor ${name} has ${data.length} bytes for a shape of [${shape}]`);
  }
  const { scale, zeroPoint } = quantization ?? { scale: 1, zeroPoint: 0 };
  // Copied, since a view of elements must be aligned.
  return Float32Array.from(new Elements(Uint8Array.from(data).buffer), (value) => (value - zeroPoint) * scale);
}

function weightTensor(operator: TfliteOperator, layer: string): TfliteTensor {
  const tensor = operator.inputs[1];
  if (!tensor) throw invalid(`at layer ${layer}: no filters`);
  return tensor;
}

function theOnly<Element>(list: readonly Element[], what: string): Element {
  const [first, ...more] = list;
  if (first === undefined || more.length > 0) throw invalid(`expected one ${what}, found ${list.length}`);
  return first;
}

function nameOf({ kind, code }: TfliteOperator): string {
  return kind === 'other' ? `operator ${code}` : kind;
}

/** What is wrong with the numbers that were read is wrong with the file. */
function describe<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : String(cause));
  }
}

function invalid(message: string): TagmillError {
  return new TagmillError('invalid-model', `Not a MobileNet V1: ${message}`);
}
