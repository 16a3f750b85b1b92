import { ATTRIBUTE_TYPE, DATA_TYPE, OnnxModel } from './onnx-schema.ts';

type Attribute = number | string | readonly number[];
type Dimension = number | string;

/** IR version 8 and operator set 17 are of 2022: every ONNX Runtime since 1.12 reads them. */
const IR_VERSION = 8;
const OPERATOR_SET = 17;

/** ONNX Runtime's own operators: `com.microsoft.QGemm` and the like. */
const CONTRIBUTED = 'com.microsoft';

type Elements = Float32Array | Int32Array | Int8Array | Uint8Array;

interface GraphNode {
  opType: string;
  domain?: string;
  name: string;
  input: readonly string[];
  output: string[];
  attribute: object[];
}

/** An ONNX graph as it is being put together: each call adds to it and names the value that it gives. */
export class OnnxGraph {
  readonly #name: string;
  readonly #nodes: GraphNode[] = [];
  readonly #constants = new Map<string, object>();
  readonly #inputs: object[] = [];
  readonly #outputs: object[] = [];

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
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (!this.#constants.has(name)) this.#constants.set(name, { name, dims, dataType: typeOf(data), rawData });
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
    const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
    const contributed = operator.startsWith(`${CONTRIBUTED}.`);
    const kind = contributed
      ? { opType: operator.slice(CONTRIBUTED.length + 1), domain: CONTRIBUTED }
      : { opType: operator };
    this.#nodes.push({ ...kind, name: output, input, output: [output], attribute });
    return output;
  }

  encode(): Uint8Array {
    const opsetImport = [{ domain: '', version: OPERATOR_SET }];
    if (this.#nodes.some(({ domain }) => domain === CONTRIBUTED)) opsetImport.push({ domain: CONTRIBUTED, version: 1 });
    return OnnxModel.encode({
      irVersion: IR_VERSION,
      producerName: 'tagmill',
      opsetImport,
      graph: {
        name: this.#name,
        node: this.#nodes,
        initializer: [...this.#constants.values()],
        input: this.#inputs,
        output: this.#outputs,
      },
    }).finish();
  }
}

function attributeOf(name: string, value: Attribute): object {
  if (typeof value === 'number') return { name, type: ATTRIBUTE_TYPE.int, i: value };
  if (typeof value === 'string') return { name, type: ATTRIBUTE_TYPE.string, s: Buffer.from(value) };
  return { name, type: ATTRIBUTE_TYPE.ints, ints: value };
}

function typeOf(data: Elements): number {
  if (data instanceof Float32Array) return DATA_TYPE.float32;
  if (data instanceof Int32Array) return DATA_TYPE.int32;
  return data instanceof Int8Array ? DATA_TYPE.int8 : DATA_TYPE.uint8;
}

function valueInfo(name: string, type: keyof typeof DATA_TYPE, shape: readonly Dimension[]): object {
  const dim = shape.map((side) => (typeof side === 'number' ? { dimValue: side } : { dimParam: side }));
  return { name, type: { tensorType: { elemType: DATA_TYPE[type], shape: { dim } } } };
}
