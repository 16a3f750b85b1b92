import fs from 'node:fs';
import path from 'node:path';
import type { Label, Preprocessing } from '@tagmill/core';
import { OnnxModel } from './onnx-schema.ts';

interface Node {
  opType: string;
  name: string;
  input: string[];
  output: string[];
  attribute: { name: string; i?: unknown; ints?: unknown[]; type?: number }[];
  domain?: string;
}

interface Constant {
  name: string;
  dims: unknown[];
  dataType: number;
  rawData: Uint8Array;
}

interface Graph {
  node: Node[];
  initializer: Constant[];
  input: unknown[];
  output: { name: string }[];
}

const FLOAT32 = 1;

/** `AttributeProto.AttributeType` of whole numbers. */
const INTS = 7;

/** What makes floats of bytes in a network of floats. */
const SCALING = ['Transpose', 'Cast', 'Mul', 'Add'];

/** The layers whose scores the softmax makes probabilities of: transformers.js has a softmax of its own. */
const LAST = 'classifier';

/** With filters as numbers: this project's own are float16, cast and scaled in the graph, which ONNX Runtime computes when it loads it. */
function decode(onnx: Uint8Array): { graph: Graph } {
  const model = OnnxModel.decode(onnx) as unknown as { graph: Graph };
  const { graph } = model;
  const constants = new Map(graph.initializer.map((each) => [each.name, each]));
  graph.node = graph.node.filter(({ opType, input, output }) => {
    const [first, second] = input.map((name) => constants.get(name));
    const name = output[0]!;
    if (opType === 'Cast' && first) constants.set(name, constant(name, first.dims, new Float32Array(numbersOf(first))));
    else if (opType === 'Mul' && first && second) {
      const [filters, scales] = [numbersOf(first), numbersOf(second)];
      const perScale = filters.length / scales.length;
      const scaled = Float32Array.from(filters, (value, i) => value * scales[Math.floor(i / perScale)]!);
      constants.set(name, constant(name, first.dims, scaled));
    } else return true;
    return false;
  });
  const used = new Set(graph.node.flatMap(({ input }) => input));
  graph.initializer = [...constants.values()].filter(({ name }) => used.has(name));
  return model;
}

function constant(name: string, dims: unknown[], data: Float32Array): Constant {
  return { name, dims, dataType: FLOAT32, rawData: new Uint8Array(data.buffer) };
}

function numbersOf({ dataType, rawData }: Constant): Float32Array | Float16Array {
  const { buffer } = Uint8Array.from(rawData);
  return dataType === FLOAT32 ? new Float32Array(buffer) : new Float16Array(buffer);
}

export interface Exported {
  onnx: Uint8Array;
  labels: readonly Label[];
  preprocessing: Preprocessing;
}

/**
 * Writes a network as transformers.js reads it: config.json, preprocessor_config.json, onnx/NAME.onnx. Its own preprocessing is
 * taken off, since transformers.js does that: what is left takes `pixel_values`, floats from -1 to 1, and gives `logits`.
 *
 * @param resizes whether transformers.js scales and cuts images; not where they come as the network sees them.
 */
export function writeTransformersModel(
  directory: string,
  { onnx, labels, preprocessing }: Exported,
  { name, resizes }: { name: 'model' | 'model_int8'; resizes: boolean },
): void {
  const { inputSize, fit, centralFraction } = preprocessing;
  const side = Math.round(inputSize / centralFraction);
  const write = (file: string, value: object) => fs.writeFileSync(path.join(directory, file), JSON.stringify(value));
  fs.mkdirSync(path.join(directory, 'onnx'), { recursive: true });
  fs.writeFileSync(path.join(directory, 'onnx', `${name}.onnx`), withoutPreprocessing(onnx, inputSize));
  write('config.json', {
    model_type: 'mobilenet_v1',
    architectures: ['MobileNetV1ForImageClassification'],
    id2label: Object.fromEntries(labels.map(({ index, name }) => [index, name])),
  });
  write('preprocessor_config.json', {
    image_processor_type: 'MobileNetV1ImageProcessor',
    do_resize: resizes,
    size: fit === 'squash' ? { width: side, height: side } : { shortest_edge: side },
    resample: 2,
    do_center_crop: resizes,
    crop_size: { width: inputSize, height: inputSize },
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: [0.5, 0.5, 0.5],
    image_std: [0.5, 0.5, 0.5],
  });
}

/** Takes `pixel_values`, floats from -1 to 1, [batch, 3, side, side], and gives `logits`. */
export function withoutPreprocessing(onnx: Uint8Array, side: number): Uint8Array {
  const model = decode(onnx);
  const { graph } = model;
  const dim = [{ dimParam: 'batch' }, { dimValue: 3 }, { dimValue: side }, { dimValue: side }];
  graph.input = [{ name: 'pixel_values', type: { tensorType: { elemType: FLOAT32, shape: { dim } } } }];
  graph.output[0]!.name = 'logits';
  // Up to the logits: what makes probabilities of them is left out.
  const end = graph.node.findIndex(({ output }) => output[0] === LAST) + 1;
  const convolution = graph.node.find(({ opType }) => opType === 'QLinearConv');
  const kept = graph.node.slice(convolution ? 0 : SCALING.length, end);
  if (convolution) {
    // Bytes go in as they are, channels last: floats have to be made that.
    const [, scale, zeroPoint] = convolution.input as [string, string, string];
    const quantize = {
      name: 'bytes',
      opType: 'QuantizeLinear',
      input: ['pixel_values', scale, zeroPoint],
      output: ['bytes'],
      attribute: [],
    };
    const last = { name: 'perm', ints: [0, 2, 3, 1], type: INTS };
    const transpose = { name: 'images', opType: 'Transpose', input: ['bytes'], output: ['images'], attribute: [last] };
    kept.unshift(quantize, transpose);
  } else {
    // The graph transposes, casts, multiplies and adds to bytes. The result of these steps is its input now.
    const scaling = graph.node.slice(0, SCALING.length);
    const operators = scaling.map(({ opType }) => opType).join();
    if (operators !== SCALING.join()) throw new Error(`A network that begins with ${operators} was not expected`);
    const [scaled] = scaling.at(-1)!.output;
    for (const { input } of kept) if (input.includes(scaled!)) input[input.indexOf(scaled!)] = 'pixel_values';
  }
  for (const { output } of kept) if (output[0] === LAST) output[0] = 'logits';
  graph.node = kept;
  return OnnxModel.encode(model).finish();
}

/** A convolution as TensorFlow.js has it: what its filters' shape and its padding are, and where they lie in the file. */
export interface TfjsLayer {
  kind: 'convolution' | 'depthwise' | 'dense';
  /** Height, width, input channels, output channels (1 for each channel of a depthwise one). */
  shape: number[];
  /** Of the filters, in elements; the biases follow. */
  offset: number;
  biases: number;
  stride: number;
  /** Top, left, bottom, right. */
  pads: number[];
  activation: 'relu' | 'relu6' | undefined;
}

export interface TfjsModel {
  layers: TfjsLayer[];
  labels: string[];
  preprocessing: Preprocessing;
}

/** Writes a float32 network as `run-tfjs.ts` reads it: tfjs.json and tfjs.bin. */
export function writeTfjsModel(directory: string, { onnx, labels, preprocessing }: Exported): void {
  const { graph } = decode(onnx);
  const constants = new Map(graph.initializer.map((each) => [each.name, each]));
  const floatsOf = (name: string) => new Float32Array(numbersOf(constants.get(name)!));
  const parts: Float32Array[] = [];
  let offset = 0;
  const layers: TfjsLayer[] = [];
  graph.node.forEach(({ opType, input, attribute }, index) => {
    if (opType !== 'Conv' && opType !== 'Gemm') return;
    const [, filtersName, biasesName] = input as [string, string, string];
    const [out, perGroup, height = 1, width = 1] = constants.get(filtersName)!.dims.map(Number) as [number, number];
    const ints = (name: string) => (attribute.find((each) => each.name === name)?.ints ?? []).map(Number);
    const isDepthwise = Number(attribute.find(({ name }) => name === 'group')?.i ?? 1) > 1;
    const next = graph.node[index + 1]?.opType;
    const filters = channelsLast(floatsOf(filtersName), { out, perGroup, places: height * width });
    const biases = floatsOf(biasesName);
    parts.push(filters, biases);
    layers.push({
      kind: opType === 'Gemm' ? 'dense' : isDepthwise ? 'depthwise' : 'convolution',
      shape: isDepthwise ? [height, width, out, 1] : [height, width, perGroup, out],
      offset,
      biases: biases.length,
      stride: ints('strides')[0] ?? 1,
      pads: ints('pads'),
      activation: next === 'Relu' ? 'relu' : next === 'Clip' ? 'relu6' : undefined,
    });
    offset += filters.length + biases.length;
  });
  const model: TfjsModel = {
    layers,
    labels: labels.map(({ name }) => name),
    preprocessing,
  };
  fs.writeFileSync(path.join(directory, 'tfjs.json'), JSON.stringify(model));
  fs.writeFileSync(path.join(directory, 'tfjs.bin'), Buffer.concat(parts.map(({ buffer }) => Buffer.from(buffer))));
}

/** Output channels first to height, width, input channels, output channels. */
function channelsLast(
  filters: Float32Array,
  { out, perGroup, places }: { out: number; perGroup: number; places: number },
): Float32Array {
  const turned = new Float32Array(filters.length);
  let at = 0;
  for (let o = 0; o < out; o++) {
    for (let i = 0; i < perGroup; i++) {
      for (let place = 0; place < places; place++) turned[(place * perGroup + i) * out + o] = filters[at++]!;
    }
  }
  return turned;
}
