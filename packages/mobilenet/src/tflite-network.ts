import { TagmillError } from '@tagmill/core';
import { architecture, type Layer, type LayerKind } from './architecture.ts';
import { readTflite, type TfliteModel, type TfliteOperator, type TfliteTensor } from './tflite.ts';

/** A MobileNet V1 as it was found in a `.tflite` file. */
export interface TfliteNetwork {
  /** Width multiplier. */
  alpha: number;
  /** The pixels that go in: [1, S, S, 3]. */
  input: TfliteTensor;
  layers: Layer[];
  /** What computes each layer, by its name; its inputs are the layer before, filters and biases. */
  operators: ReadonlyMap<string, TfliteOperator>;
  /** What the average pool gives. */
  pooled: TfliteTensor;
}

/** Channels that go into the classifier at alpha 1: Table 1. */
const LAST_CHANNELS = 1024;

/**
 * Reads the publisher's `.tflite` of a MobileNet V1, float or quantized.
 *
 * @throws {TagmillError} `invalid-model`, naming the layer at which the graph is no MobileNet V1 and how it differs.
 */
export function readTfliteNetwork(bytes: Uint8Array): TfliteNetwork {
  const model = readTflite(bytes);
  const input = theOnly(model.inputs, 'input');
  const [, height, width, depth] = input.shape;
  if (input.shape.length !== 4 || height !== width || depth !== 3) {
    throw notMobileNet(`its input is [${input.shape}], expected [1, S, S, 3]`);
  }
  const body = withoutTail(model);
  const classifier = body.at(-1)!;
  const [classes, ...fan] = weightTensor(classifier, 'the classifier').shape as [number, ...number[]];
  const alpha = fan.at(-1)! / LAST_CHANNELS;
  const layers = describe(() => architecture({ network: 'mobilenet-v1', alpha, resolution: height!, classes }));

  let value = input;
  const operators = new Map(
    layers.map((layer, i) => {
      const operator = body[i];
      if (!operator) throw notMobileNet(`it ends before layer ${layer.name}`);
      if (layer.kind === 'fully-connected') value = poolBefore(operator, value, body[i + 1]);
      const step = layer.kind === 'fully-connected' ? body[i + 1]! : operator;
      checkLayer(step, layer, value);
      value = theOnly(step.outputs, `output of ${layer.name}`);
      return [layer.name, step];
    }),
  );
  if (body.length !== layers.length + 1) {
    throw notMobileNet(`it has ${body.length} layers, expected ${layers.length + 1}`);
  }
  return { alpha, input, layers, operators, pooled: classifier.inputs[0]! };
}

/** The convolutions, the pool and the classifier: what comes before the reshape and the softmax. */
function withoutTail({ operators }: TfliteModel): TfliteOperator[] {
  const pool = operators.findIndex(({ kind }) => kind === 'average-pool');
  if (pool < 0) throw notMobileNet('it has no average pool');
  const [classifier, ...tail] = operators.slice(pool + 1);
  if (classifier?.kind !== 'convolution' && classifier?.kind !== 'fully-connected') {
    throw notMobileNet('nothing classifies after the average pool: this file gives embeddings, not classes');
  }
  const last = tail.pop();
  if (last?.kind !== 'softmax')
    throw notMobileNet(`it ends in ${last ? nameOf(last) : 'the classifier'}, expected a softmax`);
  const odd = tail.find(({ kind }) => kind !== 'reshape' && kind !== 'squeeze');
  if (odd) throw notMobileNet(`${nameOf(odd)} stands between the classifier and the softmax`);
  return operators.slice(0, pool + 2);
}

function poolBefore(pool: TfliteOperator, value: TfliteTensor, classifier: TfliteOperator | undefined): TfliteTensor {
  if (pool.kind !== 'average-pool' || pool.inputs[0] !== value || !classifier) {
    throw notMobileNet(`at the average pool: ${nameOf(pool)} instead`);
  }
  const pooled = theOnly(pool.outputs, 'output of the average pool');
  if (pooled.shape[1] !== 1 || pooled.shape[2] !== 1) throw notMobileNet(`its average pool leaves [${pooled.shape}]`);
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
    throw notMobileNet(`at layer ${name}: ${what}`);
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

function weightTensor(operator: TfliteOperator, layer: string): TfliteTensor {
  const tensor = operator.inputs[1];
  if (!tensor) throw notMobileNet(`at layer ${layer}: no filters`);
  return tensor;
}

function theOnly<Element>(list: readonly Element[], what: string): Element {
  const [first, ...more] = list;
  if (first === undefined || more.length > 0) throw notMobileNet(`expected one ${what}, found ${list.length}`);
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
    throw notMobileNet(cause instanceof Error ? cause.message : String(cause));
  }
}

export function notMobileNet(message: string): TagmillError {
  return new TagmillError('invalid-model', `Not a MobileNet V1: ${message}`);
}
