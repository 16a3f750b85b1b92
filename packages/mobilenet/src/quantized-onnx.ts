import type { Layer } from './architecture.ts';
import { type OnnxOptions, padsOf } from './onnx.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { addProbabilities } from './outputs.ts';
import { activationOf, type Quantization, type QuantizedNetwork, quantizedLayerOf } from './quantized.ts';

export interface QuantizedOnnxOptions
  extends Pick<OnnxOptions, 'layers' | 'inputSize' | 'activation' | 'padding' | 'outputs'> {
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
 * Input `images`: uint8 [batch, inputSize, inputSize, 3], RGB. Output `probabilities`: float32 [batch, classes].
 *
 * @throws {TagmillError} `invalid-model` if a layer's weights or an activation's quantization are missing or don't fit.
 */
export function writeQuantizedOnnx({
  layers,
  network,
  inputSize,
  outputs,
  ...options
}: QuantizedOnnxOptions): Uint8Array {
  const graph = new OnnxGraph('mobilenet-int8');
  const resolution = layers[0]!.inputSize;
  const classes = layers.at(-1)!.outputChannels;
  graph.input('images', 'uint8', ['batch', inputSize, inputSize, 3]);

  const pixels = enlarged(graph, 'images', resolution / inputSize);
  const planes = graph.node('Transpose', [pixels], { perm: [0, 3, 1, 2] });
  let current: Quantized = { value: planes, quantization: network.input };
  for (const layer of layers.slice(0, -1)) current = convolve(graph, current, layer, network, options);
  const logits = classify(graph, pool(graph, current, network), layers.at(-1)!, network);
  addProbabilities(graph, logits, outputs);
  graph.output('probabilities', 'float32', ['batch', classes]);
  return graph.encode();
}

/** Pixels enlarged bilinearly with half-pixel centres and rounded to bytes. ONNX Runtime's own for bytes cuts fractions off. */
function enlarged(graph: OnnxGraph, images: string, factor: number): string {
  if (factor === 1) return images;
  const scales = graph.constant('input.enlargement', [4], Float32Array.of(1, factor, factor, 1));
  const resized = graph.node('Resize', [graph.node('Cast', [images], { to: 1 }), '', scales], {
    mode: 'linear',
    coordinate_transformation_mode: 'half_pixel',
  });
  return graph.node('QuantizeLinear', [resized, ...quantizationOf(graph, 'byte', { scale: 1, zeroPoint: 0 })]);
}

function convolve(
  graph: OnnxGraph,
  { value, quantization }: Quantized,
  layer: Layer,
  network: QuantizedNetwork,
  { activation, padding }: Pick<OnnxOptions, 'activation' | 'padding'>,
): Quantized {
  const { name, kind, kernel, stride, inputChannels } = layer;
  const depthwise = kind === 'depthwise';
  const output = activationOf(network, name);
  const { filters, biases } = weightsOf(graph, layer, network, [depthwise ? 1 : inputChannels, kernel, kernel]);
  const input = quantizationOf(graph, `${name}.input`, quantization);
  const result = quantizationOf(graph, `${name}.output`, output);
  const convolved = graph.node(
    'QLinearConv',
    [value, ...input, ...filters, ...result, biases],
    {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: padsOf(layer, padding),
      group: depthwise ? inputChannels : 1,
    },
    name,
  );
  return { value: clipped(graph, convolved, name, output, activation), quantization: output };
}

/** Bytes end where the activation does, in most networks; in others they have to be clipped. */
function clipped(
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
      ...quantizationOf(graph, `${POOL}.input`, quantization),
      ...quantizationOf(graph, `${POOL}.output`, output),
    ],
    {},
    POOL,
  );
  return { value: graph.node('Flatten', [pooled], { axis: 1 }), quantization: output };
}

/** Without a quantization of its result, QGemm gives floats: no logit is rounded or cut off. */
function classify(
  graph: OnnxGraph,
  { value, quantization }: Quantized,
  layer: Layer,
  network: QuantizedNetwork,
): string {
  const input = quantizationOf(graph, `${layer.name}.input`, quantization);
  const { filters, biases } = weightsOf(graph, layer, network, [layer.inputChannels]);
  return graph.node('com.microsoft.QGemm', [value, ...input, ...filters, biases], { transB: 1 }, layer.name);
}

function weightsOf(graph: OnnxGraph, layer: Layer, network: QuantizedNetwork, filterShape: readonly number[]) {
  const { name, outputChannels } = layer;
  const { filters, filterScales, biases } = quantizedLayerOf(network, layer);
  return {
    filters: [
      graph.constant(`${name}.filters`, [outputChannels, ...filterShape], filters),
      graph.constant(`${name}.filters.scale`, [outputChannels], filterScales),
      graph.constant(`${name}.filters.zeroPoint`, [outputChannels], new Int8Array(outputChannels)),
    ],
    biases: graph.constant(`${name}.biases`, [outputChannels], biases),
  };
}

function quantizationOf(graph: OnnxGraph, name: string, { scale, zeroPoint }: Quantization): string[] {
  return [
    graph.constant(`${name}.scale`, [], Float32Array.of(scale)),
    graph.constant(`${name}.zeroPoint`, [], Uint8Array.of(zeroPoint)),
  ];
}
