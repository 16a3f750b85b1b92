import { TagmillError } from '@tagmill/core';
import { type Layer, weightCount } from './architecture.ts';
import { DATA_TYPE, OnnxGraph } from './onnx-graph.ts';
import { addProbabilities, FEATURES, type Outputs } from './outputs.ts';
import type { ScaledWeights } from './weights.ts';

export interface OnnxOptions {
  layers: readonly Layer[];
  weights: ReadonlyMap<string, ScaledWeights>;
  /** What a byte x becomes: (x - zeroPoint) · scale. */
  inputScale: number;
  inputZeroPoint: number;
  activation: 'relu' | 'relu6';
  /** `symmetric`: one pixel on every side of a 3x3; `tensorflow-same`: at stride 2, none at the top and left. */
  padding: 'symmetric' | 'tensorflow-same';
  outputs: Outputs;
  /** Gives what each layer but the classifier gives as well: float32 [batch, channels, height, width], by the layer's name. */
  observed?: boolean;
}

/**
 * Writes a network as an ONNX model, float32, with its preprocessing inside.
 *
 * Input `images`: uint8 [batch, R, R, 3], RGB, R the resolution of its first layer. Outputs: `probabilities`, float32 [batch, classes],
 * and `features`, float32 [batch, channels]: what the classifier reads, the last convolution's channels averaged over the picture.
 *
 * @throws {TagmillError} `invalid-model` if a layer's weights are missing or of the wrong length.
 */
export function writeOnnx({ layers, weights, outputs, observed, ...options }: OnnxOptions): Uint8Array {
  const graph = new OnnxGraph('mobilenet');
  const resolution = layers[0]!.inputSize;
  const classes = layers.at(-1)!.outputChannels;
  graph.input('images', 'uint8', ['batch', resolution, resolution, 3]);

  let value = preprocess(graph, 'images', options);
  const values = new Map<string, string>();
  for (const layer of layers) {
    const own = readWeights(layer, weights);
    value =
      layer.kind === 'fully-connected'
        ? classify(graph, value, layer, own)
        : convolve(graph, value, layer, own, options);
    if (layer.residual !== undefined) value = graph.node('Add', [values.get(layer.residual)!, value]);
    values.set(layer.name, value);
    if (observed && layer.kind !== 'fully-connected') {
      graph.output(layer.name, 'float32', ['batch', layer.outputChannels, layer.outputSize, layer.outputSize]);
    }
  }
  addProbabilities(graph, value, outputs);
  graph.output('probabilities', 'float32', ['batch', classes]);
  return graph.encode();
}

/** Bytes to floats, channels first. */
function preprocess(
  graph: OnnxGraph,
  images: string,
  { inputScale, inputZeroPoint }: Pick<OnnxOptions, 'inputScale' | 'inputZeroPoint'>,
): string {
  // Transposed while a value is still one byte.
  const planes = graph.node('Transpose', [images], { perm: [0, 3, 1, 2] });
  const floats = graph.node('Cast', [planes], { to: DATA_TYPE.float32 });
  const scale = graph.constant('input.scale', [], Float32Array.of(inputScale));
  const offset = graph.constant('input.offset', [], Float32Array.of(-inputZeroPoint * inputScale));
  return graph.node('Add', [graph.node('Mul', [floats, scale]), offset]);
}

function convolve(
  graph: OnnxGraph,
  value: string,
  layer: Layer,
  weights: ScaledWeights,
  { activation, padding }: Pick<OnnxOptions, 'activation' | 'padding'>,
): string {
  const { name, kind, kernel, stride, inputChannels, outputChannels } = layer;
  const depthwise = kind === 'depthwise';
  const shape = [outputChannels, depthwise ? 1 : inputChannels, kernel, kernel];
  const convolved = graph.node(
    'Conv',
    [
      value,
      orderFilters(graph, name, shape, weights),
      graph.constant(`${name}.biases`, [outputChannels], weights.biases),
    ],
    {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: padsOf(layer, padding),
      group: depthwise ? inputChannels : 1,
    },
    `${name}.convolution`,
  );
  if (layer.isLinear) return convolved;
  // ONNX Runtime fuses the two and keeps the activation's name: so its profiles name the layer.
  if (activation === 'relu') return graph.node('Relu', [convolved], {}, name);
  const bounds = [
    graph.constant('relu6.min', [], Float32Array.of(0)),
    graph.constant('relu6.max', [], Float32Array.of(6)),
  ];
  return graph.node('Clip', [convolved, ...bounds], {}, name);
}

/**
 * Padding as ONNX wants it: top, left, bottom, right. TensorFlow's SAME pads max((out - 1) · stride + DK - in, 0) in all,
 * the odd pixel at the bottom and right (https://www.tensorflow.org/api_docs/python/tf/nn, "Notes on padding").
 */
export function padsOf({ kernel, stride, inputSize, outputSize }: Layer, padding: OnnxOptions['padding']): number[] {
  if (padding === 'symmetric') return Array<number>(4).fill((kernel - 1) / 2);
  const total = Math.max((outputSize - 1) * stride + kernel - inputSize, 0);
  const before = Math.floor(total / 2);
  return [before, before, total - before, total - before];
}

/** Filters as float32, multiplied by their scales: when it loads the network, ONNX Runtime computes whatever is constant. */
function orderFilters(
  graph: OnnxGraph,
  name: string,
  shape: readonly number[],
  { filters, scales }: ScaledWeights,
): string {
  const stored = graph.constant(`${name}.filters`, shape, filters);
  const floats = filters instanceof Float32Array ? stored : graph.node('Cast', [stored], { to: DATA_TYPE.float32 });
  if (!scales) return floats;
  const perChannel = [scales.length, ...shape.slice(1).fill(1)];
  return graph.node('Mul', [floats, graph.constant(`${name}.scales`, perChannel, scales)]);
}

function classify(graph: OnnxGraph, value: string, layer: Layer, weights: ScaledWeights): string {
  const pooled = graph.node('Flatten', [graph.node('GlobalAveragePool', [value])], { axis: 1 }, FEATURES);
  graph.output(FEATURES, 'float32', ['batch', layer.inputChannels]);
  const matrix = orderFilters(graph, layer.name, [layer.outputChannels, layer.inputChannels], weights);
  const offsets = graph.constant(`${layer.name}.biases`, [layer.outputChannels], weights.biases);
  return graph.node('Gemm', [pooled, matrix, offsets], { transB: 1 }, layer.name);
}

function readWeights(layer: Layer, weights: OnnxOptions['weights']) {
  const found = weights.get(layer.name);
  if (!found) throw new TagmillError('invalid-model', `No weights for layer ${layer.name}`);
  if (found.filters.length !== weightCount(layer) || found.biases.length !== layer.outputChannels) {
    throw new TagmillError(
      'invalid-model',
      `Layer ${layer.name} has ${found.filters.length} weights and ${found.biases.length} biases, ` +
        `expected ${weightCount(layer)} and ${layer.outputChannels}`,
    );
  }
  return found;
}
