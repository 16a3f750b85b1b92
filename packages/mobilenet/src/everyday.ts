import { TagmillError } from '@tagmill/core';
import { architecture, weightCount } from './architecture.ts';
import { writeOnnx } from './onnx.ts';
import { readSafetensors, type TensorData } from './safetensors.ts';
import { foldBatchNorm, type LayerWeights, type Weights } from './weights.ts';

/** The epsilon of the batch norms in training (torch's default). */
const EPSILON = 1e-5;

/** The network was trained on bytes scaled to [-1, 1]: x / 127.5 - 1. */
const INPUT = { inputScale: 1 / 127.5, inputZeroPoint: 127.5 } as const;

export interface EverydayOptions {
  /** Width multiplier of the weights. */
  alpha: number;
  /** Side of the square that the network sees, in pixels. */
  resolution: number;
  preprocessing: { inputSize: number };
}

/**
 * Builds the ONNX model of this project's own weights: a safetensors file of `stem.conv.weight`, `stem.bn.*`,
 * `block1..13.{depthwise,pointwise}.weight`, `block1..13.{depthwise,pointwise}_bn.*` and `classifier.{weight,bias}`, as
 * models/training writes it. The network pads one pixel on all sides and has plain ReLUs.
 *
 * A tensor whose name begins with `at96.` stands in for the one of that name at 96 pixels: batch norms have statistics of
 * their own there. `at96.calibration` holds a scale and an offset of the logits: then each class has a sigmoid, else they share
 * a softmax.
 *
 * @returns a model as {@link writeOnnx} describes it.
 * @throws {TagmillError} `invalid-model` if a tensor is missing or doesn't fit the width.
 */
export function buildEveryday(
  file: Uint8Array,
  { alpha, resolution, preprocessing: { inputSize } }: EverydayOptions,
): Uint8Array {
  const tensors = tensorsAt(resolution, readSafetensors(file));
  const classes = tensorOf(tensors, 'classifier.bias').length;
  const layers = architecture({ network: 'mobilenet-v1', alpha, resolution, classes });
  const weights: Weights = new Map(
    layers.map((layer) => [layer.name, layerWeights(tensors, layer.name, weightCount(layer))]),
  );
  const calibration = tensors.get('calibration')?.data;
  if (calibration) calibrate(weights.get('classifier')!, calibration);
  const outputs = calibration ? 'sigmoid' : 'softmax';
  return writeOnnx({ layers, weights, inputSize, ...INPUT, activation: 'relu', padding: 'symmetric', outputs });
}

/** Those of a resolution under their plain names, in place of the ones that all resolutions share. */
function tensorsAt(resolution: number, tensors: ReadonlyMap<string, TensorData>): Map<string, TensorData> {
  const prefix = `at${resolution}.`;
  const own = [...tensors].filter(([name]) => name.startsWith(prefix));
  return new Map([...tensors, ...own.map(([name, tensor]) => [name.slice(prefix.length), tensor] as const)]);
}

function calibrate({ filters, biases }: LayerWeights, [scale, offset]: Float32Array): void {
  if (scale === undefined || offset === undefined) {
    throw new TagmillError('invalid-model', 'calibration has not two elements');
  }
  for (let i = 0; i < filters.length; i++) filters[i]! *= scale;
  for (let i = 0; i < biases.length; i++) biases[i] = biases[i]! * scale + offset;
}

function layerWeights(tensors: ReadonlyMap<string, TensorData>, name: string, count: number): LayerWeights {
  if (name === 'classifier') {
    return { filters: tensorOf(tensors, `${name}.weight`), biases: tensorOf(tensors, `${name}.bias`) };
  }
  const [filters, norm] = name === 'stem' ? ['stem.conv', 'stem.bn'] : [name, `${name}_bn`];
  const found = tensorOf(tensors, `${filters}.weight`);
  if (found.length !== count) {
    throw new TagmillError('invalid-model', `${filters}.weight has ${found.length} elements, expected ${count}`);
  }
  return foldBatchNorm(found, {
    weight: tensorOf(tensors, `${norm}.weight`),
    bias: tensorOf(tensors, `${norm}.bias`),
    runningMean: tensorOf(tensors, `${norm}.running_mean`),
    runningVar: tensorOf(tensors, `${norm}.running_var`),
    epsilon: EPSILON,
  });
}

function tensorOf(tensors: ReadonlyMap<string, TensorData>, name: string): Float32Array {
  const tensor = tensors.get(name);
  if (!tensor) throw new TagmillError('invalid-model', `No tensor ${name}`);
  return tensor.data;
}
