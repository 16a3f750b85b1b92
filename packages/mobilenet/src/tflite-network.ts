import { TagmillError } from '@tagmill/core';
import { architecture, type Layer, type LayerKind } from './architecture.ts';
import { readTflite, type TfliteOperator, type TfliteTensor } from './tflite.ts';

/** A MobileNet as it was found in a `.tflite` file. */
export interface TfliteNetwork {
  network: 'mobilenet-v1' | 'mobilenet-v2';
  /** Width multiplier. */
  alpha: number;
  /** The pixels that go in: [1, S, S, 3]. */
  input: TfliteTensor;
  layers: Layer[];
  /** What computes each layer, by its name; its inputs are the layer before, filters and biases. */
  operators: ReadonlyMap<string, TfliteOperator>;
  /** What layers with a residual give once that was added, by their names. */
  sums: ReadonlyMap<string, TfliteTensor>;
  /** What the average pool gives. */
  pooled: TfliteTensor;
}

/** Channels that go into the classifier of MobileNet V1 at alpha 1: Table 1. */
const LAST_CHANNELS = 1024;

/** The widths that MobileNetV2 was published in. */
const ALPHAS_V2 = [0.35, 0.5, 0.75, 1, 1.3, 1.4];

/**
 * Reads the publisher's `.tflite` of a MobileNet V1 or V2, float or quantized.
 *
 * @throws {TagmillError} `invalid-model`, naming the layer at which the graph is no MobileNet and how it differs.
 */
export function readTfliteNetwork(bytes: Uint8Array): TfliteNetwork {
  const { inputs, operators: all } = readTflite(bytes);
  const { input, operators: inside } = withoutQuantize(theOnly(inputs, 'input'), all);
  const [, height, width, depth] = input.shape;
  if (input.shape.length !== 4 || height !== width || depth !== 3) {
    throw notMobileNet(`its input is [${input.shape}], expected [1, S, S, 3]`);
  }
  const body = withoutTail(inside);
  const odd = body.find(({ kind }) => kind === 'other');
  if (odd) fail(`${odd.name} is no operator of one, at ${odd.outputs[0]?.name}`);
  const network = body.some(({ kind }) => kind === 'add') ? 'mobilenet-v2' : 'mobilenet-v1';
  const [classes, ...fan] = weightTensor(body.at(-1)!, 'the classifier').shape as [number, ...number[]];
  const makeLayers = (alpha: number) => architecture({ network, alpha, resolution: height!, classes });
  const alpha = network === 'mobilenet-v1' ? fan.at(-1)! / LAST_CHANNELS : findAlpha(body, makeLayers);
  const layers = describe(() => makeLayers(alpha));

  const steps = body[Symbol.iterator]();
  const next = (at: string) => steps.next().value ?? fail(`it ends before ${at}`);
  const values = new Map<string, TfliteTensor>();
  const sums = new Map<string, TfliteTensor>();
  let value = input;
  const operators = new Map(
    layers.map((layer) => {
      if (layer.kind === 'fully-connected') value = poolAt(next('the average pool'), value, layer);
      const operator = next(`layer ${layer.name}`);
      checkLayer(operator, layer, value);
      value = theOnly(operator.outputs, `output of ${layer.name}`);
      if (layer.residual !== undefined) {
        value = sumAt(next(`the sum at ${layer.name}`), [values.get(layer.residual)!, value], layer);
        sums.set(layer.name, value);
      }
      values.set(layer.name, value);
      return [layer.name, operator];
    }),
  );
  const { value: more } = steps.next();
  if (more) fail(`${more.name} stands where it should end`);
  return { network, alpha, input, layers, operators, sums, pooled: body.at(-1)!.inputs[0]! };
}

/** Files in signed bytes begin and end with their conversion from and to unsigned ones: the same numbers. */
function withoutQuantize(input: TfliteTensor, operators: readonly TfliteOperator[]) {
  const isQuantize = (operator: TfliteOperator | undefined) => operator?.kind === 'quantize';
  const first = operators[0];
  const inside = operators.filter((operator, i) => !isQuantize(operator) || (i > 0 && i < operators.length - 1));
  if (!first || !isQuantize(first)) return { input, operators: inside };
  const pixels = theOnly(first.outputs, 'output of quantize');
  const [from, to] = [input.quantization, pixels.quantization];
  const isShift = from && to && from.scales[0] === to.scales[0] && from.zeroPoint === to.zeroPoint + 128;
  if (first.inputs[0] !== input || input.type !== 'uint8' || pixels.type !== 'int8' || !isShift) {
    fail('at quantize: it changes more than the sign of the pixels');
  }
  return { input: pixels, operators: inside };
}

/** The convolutions, the pool and the classifier: what comes before the reshape and the softmax. */
function withoutTail(operators: readonly TfliteOperator[]): TfliteOperator[] {
  const pool = operators.findIndex(isPool);
  if (pool < 0) fail('it has no average pool');
  const [classifier, ...tail] = operators.slice(pool + 1);
  if (classifier?.kind !== 'convolution' && classifier?.kind !== 'fully-connected') {
    fail('nothing classifies after the average pool: this file gives embeddings, not classes');
  }
  const last = tail.pop();
  if (last?.kind !== 'softmax') fail(`it ends in ${last?.name ?? 'the classifier'}, expected a softmax`);
  const odd = tail.find(({ kind }) => kind !== 'reshape' && kind !== 'squeeze');
  if (odd) fail(`${odd.name} stands between the classifier and the softmax`);
  return operators.slice(0, pool + 2);
}

/** Of MobileNetV2: the width whose layers have the channels that the file's have. */
function findAlpha(body: readonly TfliteOperator[], makeLayers: (alpha: number) => Layer[]): number {
  const countChannels = ({ kind, inputs }: TfliteOperator) =>
    kind === 'depthwise-convolution' ? inputs[1]?.shape.at(-1) : inputs[1]?.shape[0];
  const convolutions = body.filter(({ kind }) => /convolution|fully-connected/.test(kind)).map(countChannels);
  const found = ALPHAS_V2.find((alpha) => {
    const channels = describe(() => makeLayers(alpha)).map(({ outputChannels }) => outputChannels);
    return channels.join() === convolutions.join();
  });
  return (
    found ?? fail(`its layers' channels are those of no MobileNetV2 of width ${ALPHAS_V2.join(', ')}: ${convolutions}`)
  );
}

function isPool({ kind }: TfliteOperator): boolean {
  return kind === 'average-pool' || kind === 'mean';
}

function poolAt(pool: TfliteOperator, value: TfliteTensor, { inputChannels }: Layer): TfliteTensor {
  if (!isPool(pool) || pool.inputs[0] !== value) fail(`at the average pool: ${pool.name} instead`);
  const pooled = theOnly(pool.outputs, 'output of the average pool');
  const sides = pooled.shape.slice(0, -1);
  if (pooled.shape.at(-1) !== inputChannels || sides.some((side) => side !== 1)) {
    fail(`its average pool leaves [${pooled.shape}]`);
  }
  return pooled;
}

function sumAt(operator: TfliteOperator, terms: readonly TfliteTensor[], { name }: Layer): TfliteTensor {
  if (operator.kind !== 'add') fail(`at layer ${name}: expected an add, found ${operator.name}`);
  if (operator.inputs.length !== 2 || !terms.every((term) => operator.inputs.includes(term))) {
    fail(`at layer ${name}: other things are added than the bottleneck before and this one`);
  }
  if (operator.activation !== 'none') fail(`at layer ${name}: the sum's activation is ${operator.activation}`);
  return theOnly(operator.outputs, `sum of ${name}`);
}

const OPERATOR_OF: Record<LayerKind, readonly TfliteOperator['kind'][]> = {
  standard: ['convolution'],
  depthwise: ['depthwise-convolution'],
  pointwise: ['convolution'],
  'fully-connected': ['convolution', 'fully-connected'],
};

function checkLayer(operator: TfliteOperator, layer: Layer, value: TfliteTensor): void {
  const { name, kind, kernel, stride, inputChannels, outputChannels, isLinear } = layer;
  const failHere = (what: string) => fail(`at layer ${name}: ${what}`);
  if (!OPERATOR_OF[kind].includes(operator.kind))
    failHere(`expected a ${OPERATOR_OF[kind].join(' or ')}, found ${operator.name}`);
  if (operator.inputs[0] !== value) failHere('it is not fed by the layer before');
  const shape = weightTensor(operator, name).shape;
  const expected =
    kind === 'depthwise'
      ? [1, kernel, kernel, outputChannels]
      : operator.kind === 'fully-connected'
        ? [outputChannels, inputChannels]
        : [outputChannels, kernel, kernel, inputChannels];
  if (shape.join() !== expected.join()) failHere(`its filters are [${shape}], expected [${expected}]`);
  if (kind === 'fully-connected') return;
  if (operator.stride?.height !== stride || operator.stride.width !== stride) {
    failHere(`its stride is ${operator.stride?.height} x ${operator.stride?.width}, expected ${stride} x ${stride}`);
  }
  if (operator.padding !== 'same') failHere(`its padding is ${operator.padding}, expected same`);
  const activation = isLinear ? 'none' : 'relu6';
  if (operator.activation !== activation) failHere(`its activation is ${operator.activation}, expected ${activation}`);
}

function weightTensor(operator: TfliteOperator, layer: string): TfliteTensor {
  return operator.inputs[1] ?? fail(`at layer ${layer}: no filters`);
}

function theOnly<Element>(list: readonly Element[], what: string): Element {
  const [first, ...more] = list;
  if (first === undefined || more.length > 0) fail(`expected one ${what}, found ${list.length}`);
  return first;
}

/** What is wrong with the numbers that were read is wrong with the file. */
function describe<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    return fail(cause instanceof Error ? cause.message : String(cause));
  }
}

function fail(message: string): never {
  throw notMobileNet(message);
}

export function notMobileNet(message: string): TagmillError {
  return new TagmillError('invalid-model', `Not a MobileNet V1 or V2: ${message}`);
}
