import { TagmillError } from '@tagmill/core';
import { FlatTable } from './flatbuffer.ts';

/** `BuiltinOperator` of the schema, as far as the publisher's MobileNets use it. */
const OPERATORS = {
  0: 'add',
  1: 'average-pool',
  3: 'convolution',
  4: 'depthwise-convolution',
  9: 'fully-connected',
  22: 'reshape',
  25: 'softmax',
  40: 'mean',
  43: 'squeeze',
  114: 'quantize',
} as const;

/** Others, for messages: as the schema calls them. */
const OTHER_OPERATORS: Readonly<Record<number, string>> = {
  2: 'CONCATENATION',
  6: 'DEQUANTIZE',
  14: 'LOGISTIC',
  17: 'MAX_POOL_2D',
  18: 'MUL',
  19: 'RELU',
  21: 'RELU6',
  23: 'RESIZE_BILINEAR',
  32: 'CUSTOM',
  34: 'PAD',
  39: 'TRANSPOSE',
  41: 'SUB',
  42: 'DIV',
  54: 'PRELU',
  67: 'TRANSPOSE_CONV',
  98: 'LEAKY_RELU',
  117: 'HARD_SWISH',
};

/** `TensorType` of the schema. */
const TYPES = { 0: 'float32', 2: 'int32', 3: 'uint8', 9: 'int8' } as const;

const PADDINGS = ['same', 'valid'] as const;
const ACTIVATIONS = { 0: 'none', 1: 'relu', 3: 'relu6' } as const;

export interface TfliteTensor {
  name: string;
  shape: number[];
  type: 'float32' | 'int32' | 'uint8' | 'int8' | 'other';
  /**
   * A byte q stands for (q - zeroPoint) · scale; absent where the tensor isn't quantized. More than one scale: one an output channel,
   * around zero.
   */
  quantization?: { scales: readonly number[]; zeroPoint: number };
  /** Its constant elements, little-endian; empty for what is computed. */
  data: Uint8Array;
}

export interface TfliteOperator {
  kind: (typeof OPERATORS)[keyof typeof OPERATORS] | 'other';
  /** For messages. */
  name: string;
  inputs: TfliteTensor[];
  outputs: TfliteTensor[];
  /** Of convolutions and pools. */
  padding?: (typeof PADDINGS)[number];
  stride?: { height: number; width: number };
  activation?: (typeof ACTIVATIONS)[keyof typeof ACTIVATIONS] | 'other';
}

export interface TfliteModel {
  inputs: TfliteTensor[];
  /** In the order that they run. */
  operators: TfliteOperator[];
}

/**
 * Reads a `.tflite` file. The numbers of fields are those of TensorFlow Lite's schema, version 3
 * (https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs).
 *
 * @throws {TagmillError} `invalid-model` if it is not such a file, or is cut off.
 */
export function readTflite(bytes: Uint8Array): TfliteModel {
  try {
    return readModel(FlatTable.root(bytes, 'TFL3'));
  } catch (cause) {
    if (cause instanceof TagmillError) throw cause;
    // Reading beyond the end of a cut file is a RangeError of DataView's.
    throw new TagmillError('invalid-model', 'The .tflite file is damaged or cut off', { cause });
  }
}

function readModel(model: FlatTable): TfliteModel {
  const codes = model.tables(1).map((code) => Math.max(code.int8(0), code.int32(3)));
  const [graph, ...more] = model.tables(2);
  if (!graph || more.length > 0) throw new TagmillError('invalid-model', 'Expected one graph in the .tflite file');
  const buffers = model.tables(4);
  const tensors = graph.tables(0).map((tensor) => readTensor(tensor, buffers));
  const pick = (indices: number[]) => indices.map((index) => at(tensors, index, 'tensor'));
  return {
    inputs: pick(graph.int32s(1)),
    operators: graph.tables(3).map((operator) => {
      const code = at(codes, operator.int32(0), 'operator code');
      const kind = nameKind(code);
      const operands = { inputs: pick(operator.int32s(1)), outputs: pick(operator.int32s(2)) };
      const name = kind === 'other' ? (OTHER_OPERATORS[code] ?? `operator ${code}`) : kind;
      return { kind, name, ...operands, ...readOptions(kind, operator.table(4)) };
    }),
  };
}

function nameKind(code: number): TfliteOperator['kind'] {
  return OPERATORS[code as keyof typeof OPERATORS] ?? 'other';
}

function readTensor(tensor: FlatTable, buffers: FlatTable[]): TfliteTensor {
  const quantization = tensor.table(4);
  const scales = quantization?.float32s(2) ?? [];
  const [zeroPoint = 0, ...others] = quantization?.int64s(3) ?? [];
  if (scales.length > 1 && [zeroPoint, ...others].some((each) => each !== 0)) {
    throw new TagmillError('invalid-model', 'Quantization by channel around anything but zero is not supported');
  }
  return {
    name: Buffer.from(tensor.bytes(3)).toString('utf8'),
    shape: tensor.int32s(0),
    type: TYPES[tensor.int8(1) as keyof typeof TYPES] ?? 'other',
    data: at(buffers, tensor.int32(2), 'buffer').bytes(0),
    ...(scales.length > 0 && { quantization: { scales, zeroPoint } }),
  };
}

function readOptions(kind: TfliteOperator['kind'], options: FlatTable | undefined): Partial<TfliteOperator> {
  // Field of the fused activation in AddOptions, Conv2DOptions, DepthwiseConv2DOptions and Pool2DOptions.
  const activationField = { add: 0, convolution: 3, 'depthwise-convolution': 4, 'average-pool': 5 }[kind as string];
  if (!options || activationField === undefined) return {};
  const activation = ACTIVATIONS[options.int8(activationField) as keyof typeof ACTIVATIONS] ?? 'other';
  if (kind === 'add') return { activation };
  return {
    padding: at(PADDINGS, options.int8(0), 'padding'),
    stride: { width: options.int32(1), height: options.int32(2) },
    activation,
  };
}

function at<Element>(list: readonly Element[], index: number, what: string): Element {
  const element = list[index];
  if (element === undefined)
    throw new TagmillError('invalid-model', `The .tflite file names ${what} ${index}, which isn't there`);
  return element;
}
