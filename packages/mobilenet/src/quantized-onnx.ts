import type { Layer } from './architecture.ts';
import { GROUP, inBlocks, inGroups, type WeightedLayer } from './int8-blocks.ts';
import { type OnnxOptions, padsOf } from './onnx.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { addProbabilities, FEATURES } from './outputs.ts';
import { activationOf, type Quantization, type QuantizedLayer, type QuantizedNetwork } from './quantized.ts';

export interface QuantizedOnnxOptions extends Pick<OnnxOptions, 'layers' | 'activation' | 'padding' | 'outputs'> {
  network: QuantizedNetwork;
}

const POOL = 'pool';

/** A value of the graph and what its bytes stand for. */
interface Quantized {
  value: string;
  quantization: Quantization;
}

/**
 * Writes a quantized network as an ONNX model that computes in 8-bit whole numbers from the pixels to the classifier, whose
 * logits are floats.
 *
 * Input `images`: uint8 [batch, R, R, 3], RGB, R the resolution of its first layer. Outputs: `probabilities`, float32 [batch, classes],
 * and `features`, float32 [batch, channels]: what the bytes that the classifier reads stand for.
 *
 * @throws {TagmillError} `invalid-model` if a layer's weights or an activation's quantization are missing or don't fit.
 */
export function writeQuantizedOnnx({ network, outputs, ...options }: QuantizedOnnxOptions): Uint8Array {
  const graph = new OnnxGraph('mobilenet-int8');
  const layers = inBlocks(options.layers, network);
  const [stem, classifier] = [layers[0]!, layers.at(-1)!];
  graph.input('images', 'uint8', ['batch', stem.inputSize, stem.inputSize, 3]);

  let current = convolvePixels(graph, 'images', stem, network, options);
  const values = new Map([[stem.name, current]]);
  for (const layer of layers.slice(1, -1)) {
    current = convolve(graph, current, layer, network, options);
    if (layer.residual !== undefined)
      current = sum(graph, values.get(layer.residual)!, current, sumName(layer), network);
    values.set(layer.name, current);
  }
  const pooled = pool(graph, current, network);
  addProbabilities(graph, classify(graph, pooled, classifier), outputs);
  graph.output('probabilities', 'float32', ['batch', classifier.outputChannels]);
  graph.node(
    'DequantizeLinear',
    [pooled.value, ...addQuantization(graph, FEATURES, pooled.quantization)],
    {},
    FEATURES,
  );
  graph.output(FEATURES, 'float32', ['batch', classifier.inputChannels]);
  return graph.encode();
}

type Convolution = Pick<OnnxOptions, 'activation' | 'padding'>;

/** The stem, of pixels in groups: see {@link inGroups}. Channels last, as ONNX Runtime has it, nothing is moved for that. */
function convolvePixels(
  graph: OnnxGraph,
  pixels: string,
  layer: WeightedLayer,
  network: QuantizedNetwork,
  { activation, padding }: Convolution,
): Quantized {
  const { inputSize, outputSize, inputChannels, outputChannels, kernel, stride } = layer;
  const [top, left, bottom] = padsOf(layer, padding) as [number, number, number, number];
  const groups = reshape(graph, pixels, [0, inputSize, inputSize / GROUP, GROUP * inputChannels]);
  const input = { value: graph.node('Transpose', [groups], { perm: [0, 3, 1, 2] }), quantization: network.input };
  const weights = inGroups(layer, left);
  const output = activationOf(network, layer.name);
  const convolved = quantizedConvolution(graph, layer.name, input, output, weights, {
    kernel_shape: [kernel, 2],
    strides: [stride, 1],
    pads: [top, left, bottom, 1 - left],
    group: 1,
  });
  const rows = graph.node('Transpose', [convolved], { perm: [0, 2, 3, 1] });
  const results = reshape(graph, rows, [0, outputSize, outputSize, outputChannels]);
  const planes = graph.node('Transpose', [results], { perm: [0, 3, 1, 2] });
  return { value: clip(graph, planes, layer.name, output, activation), quantization: output };
}

function reshape(graph: OnnxGraph, value: string, shape: readonly number[]): string {
  const sides = graph.constant(`${value}.shape`, [shape.length], BigInt64Array.from(shape, BigInt));
  return graph.node('Reshape', [value, sides]);
}

function convolve(
  graph: OnnxGraph,
  input: Quantized,
  layer: WeightedLayer,
  network: QuantizedNetwork,
  { activation, padding }: Convolution,
): Quantized {
  const { name, kind, kernel, stride, inputChannels, weights, isLinear } = layer;
  const output = activationOf(network, name);
  const convolved = quantizedConvolution(graph, name, input, output, weights, {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: padsOf(layer, padding),
    group: kind === 'depthwise' ? inputChannels : 1,
  });
  const value = isLinear ? convolved : clip(graph, convolved, name, output, activation);
  return { value, quantization: output };
}

/** The name of what a layer gives once the output of another was added. */
export function sumName({ name }: Pick<Layer, 'name'>): string {
  return `${name}.sum`;
}

function sum(graph: OnnxGraph, a: Quantized, b: Quantized, name: string, network: QuantizedNetwork): Quantized {
  const output = activationOf(network, name);
  const terms = [a, b].flatMap(({ value, quantization }, i) => [
    value,
    ...addQuantization(graph, `${name}.${i}`, quantization),
  ]);
  const added = graph.node('com.microsoft.QLinearAdd', [...terms, ...addQuantization(graph, name, output)], {}, name);
  return { value: added, quantization: output };
}

interface ConvolutionAttributes extends Readonly<Record<string, number | readonly number[]>> {
  kernel_shape: readonly [number, number];
}

function quantizedConvolution(
  graph: OnnxGraph,
  name: string,
  { value, quantization }: Quantized,
  output: Quantization,
  weights: QuantizedLayer,
  attributes: ConvolutionAttributes,
): string {
  const { filters, biases } = addConstants(graph, name, weights, attributes.kernel_shape);
  const input = addQuantization(graph, `${name}.input`, quantization);
  const result = addQuantization(graph, `${name}.output`, output);
  return graph.node('QLinearConv', [value, ...input, ...filters, ...result, biases], attributes, name);
}

/** Bytes end where the activation does, in most networks; in others they have to be clipped. */
function clip(
  graph: OnnxGraph,
  value: string,
  name: string,
  { scale, zeroPoint }: Quantization,
  activation: OnnxOptions['activation'],
): string {
  const most = activation === 'relu' ? 255 : Math.min(zeroPoint + Math.round(6 / scale), 255);
  if (zeroPoint === 0 && most === 255) return value;
  const bounds = [zeroPoint, most].map((bound, i) =>
    graph.constant(`${name}.${i === 0 ? 'least' : 'most'}`, [], Uint8Array.of(bound)),
  );
  return graph.node('Clip', [value, ...bounds]);
}

function pool(graph: OnnxGraph, { value, quantization }: Quantized, network: QuantizedNetwork): Quantized {
  const output = activationOf(network, POOL);
  const pooled = graph.node(
    'com.microsoft.QLinearGlobalAveragePool',
    [
      value,
      ...addQuantization(graph, `${POOL}.input`, quantization),
      ...addQuantization(graph, `${POOL}.output`, output),
    ],
    {},
    POOL,
  );
  return { value: graph.node('Flatten', [pooled], { axis: 1 }), quantization: output };
}

/** Without a quantization of its result, QGemm gives floats: no logit is rounded or cut off. */
function classify(graph: OnnxGraph, { value, quantization }: Quantized, { name, weights }: WeightedLayer): string {
  const input = addQuantization(graph, `${name}.input`, quantization);
  const { filters, biases } = addConstants(graph, name, weights);
  return graph.node('com.microsoft.QGemm', [value, ...input, ...filters, biases], { transB: 1 }, name);
}

/** Filters of [output channels, input channels, ...kernel], scales and zero points, and biases. */
function addConstants(
  graph: OnnxGraph,
  name: string,
  { filters, filterScales, biases }: QuantizedLayer,
  kernel: readonly number[] = [],
) {
  const channels = biases.length;
  const inputChannels = filters.length / kernel.reduce((product, side) => product * side, channels);
  return {
    filters: [
      graph.constant(`${name}.filters`, [channels, inputChannels, ...kernel], filters),
      graph.constant(`${name}.filters.scale`, [channels], filterScales),
      graph.constant(`${name}.filters.zeroPoint`, [channels], new Int8Array(channels)),
    ],
    biases: graph.constant(`${name}.biases`, [channels], biases),
  };
}

function addQuantization(graph: OnnxGraph, name: string, { scale, zeroPoint }: Quantization): string[] {
  return [
    graph.constant(`${name}.scale`, [], Float32Array.of(scale)),
    graph.constant(`${name}.zeroPoint`, [], Uint8Array.of(zeroPoint)),
  ];
}
