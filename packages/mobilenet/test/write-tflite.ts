import { Builder } from 'flatbuffers';
import { type Layer, type LayerWeights, weightCount } from '../src/index.ts';

/** `BuiltinOperator` and `BuiltinOptions` of the schema. */
const CODE = { add: 0, pool: 1, convolution: 3, depthwise: 4, reshape: 22, softmax: 25 } as const;
const OPTIONS = { convolution: 1, depthwise: 2, pool: 5, add: 11, none: 0 } as const;
const RELU6 = 3;

interface Tensor {
  shape: number[];
  data?: Float32Array;
}

interface Operator {
  code: number;
  inputs: number[];
  output: number;
  options: keyof typeof OPTIONS;
  stride?: number;
  activation?: number;
}

/** A float `.tflite` of a network, laid out as the publisher's are: fields are numbered as in TensorFlow Lite's schema, version 3. */
export function writeTflite(
  layers: readonly Layer[],
  weights: ReadonlyMap<string, LayerWeights>,
  change: (operators: Operator[]) => void = () => {},
): Uint8Array {
  const tensors: Tensor[] = [];
  const operators: Operator[] = [];
  const tensor = (shape: number[], data?: Float32Array) => tensors.push({ shape, ...(data && { data }) }) - 1;
  const { inputSize } = layers[0]!;
  let value = tensor([1, inputSize, inputSize, 3]);
  const values = new Map<string, number>();
  const add = (operator: Omit<Operator, 'output'>, shape: number[]) => {
    value = tensor(shape);
    operators.push({ ...operator, output: value });
  };
  for (const layer of layers) {
    const { name, kind, stride, inputChannels, outputChannels, outputSize, isLinear, residual } = layer;
    const isLast = kind === 'fully-connected';
    if (isLast)
      add({ code: CODE.pool, inputs: [value], options: 'pool', stride: 1, activation: 0 }, [1, 1, 1, inputChannels]);
    const { filters, biases } = weights.get(name)!;
    const operands = [tensor(shapeOf(layer), inTfliteOrder(filters, layer)), tensor([outputChannels], biases)];
    const operator = kind === 'depthwise' ? 'depthwise' : 'convolution';
    add(
      {
        code: CODE[operator],
        inputs: [value, ...operands],
        options: operator,
        stride,
        activation: isLast || isLinear ? 0 : RELU6,
      },
      [1, outputSize, outputSize, outputChannels],
    );
    if (residual !== undefined) {
      const inputs = [value, values.get(residual)!];
      add({ code: CODE.add, inputs, options: 'add' }, [1, outputSize, outputSize, outputChannels]);
    }
    values.set(name, value);
  }
  const classes = layers.at(-1)!.outputChannels;
  add({ code: CODE.reshape, inputs: [value], options: 'none' }, [1, classes]);
  add({ code: CODE.softmax, inputs: [value], options: 'none' }, [1, classes]);
  change(operators);
  return encode(tensors, operators);
}

function shapeOf({ kind, kernel, inputChannels, outputChannels }: Layer): number[] {
  return kind === 'depthwise' ? [1, kernel, kernel, outputChannels] : [outputChannels, kernel, kernel, inputChannels];
}

/** From output, input, height, width; a depthwise layer's become height, width, output, others output, height, width, input. */
function inTfliteOrder(filters: Float32Array, layer: Layer): Float32Array {
  const { kind, kernel, outputChannels, inputChannels } = layer;
  const area = kernel ** 2;
  const depth = kind === 'depthwise' ? 1 : inputChannels;
  return Float32Array.from({ length: weightCount(layer) }, (_, i) => {
    if (kind === 'depthwise') return filters[(i % outputChannels) * area + Math.floor(i / outputChannels)]!;
    const [output, at, input] = [Math.floor(i / depth / area), Math.floor(i / depth) % area, i % depth];
    return filters[(output * depth + input) * area + at]!;
  });
}

function encode(tensors: readonly Tensor[], operators: readonly Operator[]): Uint8Array {
  const builder = new Builder(1 << 20);
  const table = (fields: number, fill: (builder: Builder) => void) => {
    builder.startObject(fields);
    fill(builder);
    return builder.endObject();
  };
  const vector = (elements: readonly number[], offsets = false) => {
    builder.startVector(4, elements.length, 4);
    for (const each of elements.toReversed()) offsets ? builder.addOffset(each) : builder.addInt32(each);
    return builder.endVector();
  };
  const bytes = (data: Uint8Array) => {
    builder.startVector(1, data.length, 16);
    for (const each of data.toReversed()) builder.addInt8(each);
    return builder.endVector();
  };
  // Buffer 0 is empty, as the schema asks.
  const buffers = [undefined, ...tensors.map(({ data }) => data)].map((data) => {
    const content = data && bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return table(1, () => content && builder.addFieldOffset(0, content, 0));
  });
  const tensorTables = tensors.map(({ shape }, i) => {
    const sides = vector(shape);
    const name = builder.createString(`tensor ${i}`);
    return table(8, () => {
      builder.addFieldOffset(0, sides, 0);
      builder.addFieldInt8(1, 0, 1);
      builder.addFieldInt32(2, i + 1, 0);
      builder.addFieldOffset(3, name, 0);
    });
  });
  const codes = [...new Set(operators.map(({ code }) => code))];
  const operatorTables = operators.map(({ code, inputs, output, options, stride = 0, activation = 0 }) => {
    const [from, to] = [vector(inputs), vector([output])];
    const activationField = { convolution: 3, depthwise: 4, pool: 5, add: 0, none: 0 }[options];
    const chosen = table(7, () => {
      if (stride > 0) {
        builder.addFieldInt32(1, stride, 0);
        builder.addFieldInt32(2, stride, 0);
      }
      builder.addFieldInt8(activationField, activation, 0);
    });
    return table(9, () => {
      builder.addFieldInt32(0, codes.indexOf(code), 0);
      builder.addFieldOffset(1, from, 0);
      builder.addFieldOffset(2, to, 0);
      builder.addFieldInt8(3, OPTIONS[options], 0);
      builder.addFieldOffset(4, chosen, 0);
    });
  });
  const codeTables = codes.map((code) => table(4, () => builder.addFieldInt32(3, code, 0)));
  const [inputs, outputs] = [vector([0]), vector([operators.at(-1)!.output])];
  const [allTensors, allOperators] = [vector(tensorTables, true), vector(operatorTables, true)];
  const graph = table(5, () => {
    builder.addFieldOffset(0, allTensors, 0);
    builder.addFieldOffset(1, inputs, 0);
    builder.addFieldOffset(2, outputs, 0);
    builder.addFieldOffset(3, allOperators, 0);
  });
  const [allCodes, graphs, allBuffers] = [vector(codeTables, true), vector([graph], true), vector(buffers, true)];
  const model = table(5, () => {
    builder.addFieldInt32(0, 3, 0);
    builder.addFieldOffset(1, allCodes, 0);
    builder.addFieldOffset(2, graphs, 0);
    builder.addFieldOffset(4, allBuffers, 0);
  });
  builder.finish(model, 'TFL3');
  return builder.asUint8Array();
}
