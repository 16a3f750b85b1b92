import { Message } from './protobuf.ts';

type Attribute = number | string | readonly number[];
type Dimension = number | string;

/** IR version 8 and operator set 17 are of 2022: every ONNX Runtime since 1.12 reads them. */
const IR_VERSION = 8;
const OPERATOR_SET = 17;

/** ONNX Runtime's own operators: `com.microsoft.QGemm` and the like. */
const CONTRIBUTED = 'com.microsoft';

/** `TensorProto.DataType`. */
export const DATA_TYPE = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, float16: 10 } as const;

/** `AttributeProto.AttributeType`. */
const ATTRIBUTE_TYPE = { int: 2, string: 3, ints: 7 } as const;

type Elements = Float32Array | Float16Array | BigInt64Array | Int32Array | Int8Array | Uint8Array;

/**
 * An ONNX graph as it is being put together: each call adds to it and names the value that it gives. Field numbers are those of
 * onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3), IR version 8.
 */
export class OnnxGraph {
  readonly #name: string;
  readonly #nodes: Message[] = [];
  readonly #constants = new Map<string, Message>();
  readonly #inputs: Message[] = [];
  readonly #outputs: Message[] = [];
  #isContributed = false;

  constructor(name: string) {
    this.#name = name;
  }

  input(name: string, type: keyof typeof DATA_TYPE, shape: readonly Dimension[]): void {
    this.#inputs.push(valueInfo(name, type, shape));
  }

  output(name: string, type: keyof typeof DATA_TYPE, shape: readonly Dimension[]): void {
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** A constant of the elements' type; one of the same name is there only once. */
  constant(name: string, dims: readonly number[], data: Elements): string {
    if (this.#constants.has(name)) return name;
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#constants.set(name, new Message().ints(1, dims).int(2, elementType(data)).string(8, name).bytes(9, rawData));
    return name;
  }

  /**
   * One operator with one output, named after the operator and its place unless `output` names it. One of ONNX Runtime's own
   * is called with its domain.
   */
  node(
    operator: string,
    input: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    output = `${operator}.${this.#nodes.length}`,
  ): string {
    const contributed = operator.startsWith(`${CONTRIBUTED}.`);
    const node = new Message()
      .strings(1, input)
      .string(2, output)
      .string(3, output)
      .string(4, contributed ? operator.slice(CONTRIBUTED.length + 1) : operator)
      .messages(
        5,
        Object.entries(attributes).map(([name, value]) => encodeAttribute(name, value)),
      );
    if (contributed) node.string(7, CONTRIBUTED);
    this.#isContributed ||= contributed;
    this.#nodes.push(node);
    return output;
  }

  encode(): Uint8Array {
    const graph = new Message()
      .messages(1, this.#nodes)
      .string(2, this.#name)
      .messages(5, [...this.#constants.values()])
      .messages(11, this.#inputs)
      .messages(12, this.#outputs);
    const model = new Message()
      .int(1, IR_VERSION)
      .string(2, 'tagmill')
      .message(7, graph)
      .message(8, new Message().string(1, '').int(2, OPERATOR_SET));
    if (this.#isContributed) model.message(8, new Message().string(1, CONTRIBUTED).int(2, 1));
    return model.finish();
  }
}

function encodeAttribute(name: string, value: Attribute): Message {
  const attribute = new Message().string(1, name);
  if (typeof value === 'number') return attribute.int(3, value).int(20, ATTRIBUTE_TYPE.int);
  if (typeof value === 'string') return attribute.string(4, value).int(20, ATTRIBUTE_TYPE.string);
  return attribute.ints(8, value).int(20, ATTRIBUTE_TYPE.ints);
}

function elementType(data: Elements): number {
  if (data instanceof Float32Array) return DATA_TYPE.float32;
  if (data instanceof Float16Array) return DATA_TYPE.float16;
  if (data instanceof BigInt64Array) return DATA_TYPE.int64;
  if (data instanceof Int32Array) return DATA_TYPE.int32;
  return data instanceof Int8Array ? DATA_TYPE.int8 : DATA_TYPE.uint8;
}

function valueInfo(name: string, type: keyof typeof DATA_TYPE, shape: readonly Dimension[]): Message {
  const dimensions = shape.map((side) =>
    typeof side === 'number' ? new Message().int(1, side) : new Message().string(2, side),
  );
  const tensorType = new Message().int(1, DATA_TYPE[type]).message(2, new Message().messages(1, dimensions));
  return new Message().string(1, name).message(2, new Message().message(1, tensorType));
}
