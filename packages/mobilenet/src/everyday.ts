import { TagmillError } from '@tagmill/core';
import { architecture, weightCount } from './architecture.ts';
import { writeOnnx } from './onnx.ts';
import { readSafetensors, type StoredTensor } from './safetensors.ts';
import { batchNormScales, foldBatchNorm, type ScaledWeights } from './weights.ts';

/** The epsilon of the batch norms in training (torch's default). */
const EPSILON = 1e-5;

/** The network was trained on bytes scaled to [-1, 1]: x / 127.5 - 1. */
const INPUT = { inputScale: 1 / 127.5, inputZeroPoint: 127.5 } as const;

/** One pixel of padding on all sides, plain ReLUs, and a sigmoid a label. */
export const EVERYDAY_LAYOUT = { activation: 'relu', padding: 'symmetric', outputs: 'sigmoid' } as const;

export interface EverydayOptions {
  /** Width multiplier of the weights. */
  alpha: number;
  /** Side of the square that the network sees, in pixels. */
  resolution: number;
}

/**
 * Builds the ONNX model of this project's own weights: a safetensors file of `stem.conv.weight`, `stem.bn.*`,
 * `block1..13.{depthwise,pointwise}.weight`, `block1..13.{depthwise,pointwise}_bn.*` and `classifier.{weight,bias}`, as
 * models/training writes it. The network pads one pixel on all sides and has plain ReLUs.
 *
 * A tensor whose name begins with `at96.` stands in for the one of that name at 96 pixels: batch norms have statistics of
 * their own there. `at96.calibration.scales` and `at96.calibration.offsets` hold a number a label: the label's logit x is
 * calibrated to scale · x + offset. Each label has a sigmoid.
 *
 * @returns a model as {@link writeOnnx} describes it.
 * @throws {TagmillError} `invalid-model` if a tensor is missing or doesn't fit the width.
 */
export function buildEveryday(file: Uint8Array, { alpha, resolution }: EverydayOptions): Uint8Array {
  return writeOnnx(scaledNetwork(readSafetensors(file), { alpha, resolution }));
}

/** The network of such a file's tensors at a resolution, with batch norms folded into its filters. */
export function everydayNetwork(file: ReadonlyMap<string, StoredTensor>, options: EverydayOptions) {
  const network = scaledNetwork(file, options);
  return { ...network, weights: new Map([...network.weights].map(([name, layer]) => [name, foldBatchNorm(layer)])) };
}

function scaledNetwork(file: ReadonlyMap<string, StoredTensor>, { alpha, resolution }: EverydayOptions) {
  const tensors = tensorsAt(resolution, file);
  const classes = tensorOf(tensors, 'classifier.bias').data.length;
  const layers = architecture({ network: 'mobilenet-v1', alpha, resolution, classes });
  const weights = new Map(layers.map((layer) => [layer.name, layerWeights(tensors, layer.name, weightCount(layer))]));
  return { layers, weights, ...INPUT, ...EVERYDAY_LAYOUT };
}

/** Those of a resolution under their plain names, in place of the ones that all resolutions share. */
export function tensorsAt(resolution: number, tensors: ReadonlyMap<string, StoredTensor>): Map<string, StoredTensor> {
  const prefix = `at${resolution}.`;
  const own = [...tensors].filter(([name]) => name.startsWith(prefix));
  return new Map([...tensors, ...own.map(([name, tensor]) => [name.slice(prefix.length), tensor] as const)]);
}

function layerWeights(tensors: ReadonlyMap<string, StoredTensor>, name: string, count: number): ScaledWeights {
  const [filtersName, norm] = name === 'stem' ? ['stem.conv', 'stem.bn'] : [name, `${name}_bn`];
  const filters = tensorOf(tensors, `${filtersName}.weight`).stored;
  if (filters.length !== count || filters instanceof Int8Array) {
    throw new TagmillError(
      'invalid-model',
      `${filtersName}.weight has ${filters.length} elements of ${filters.BYTES_PER_ELEMENT} bytes, expected ${count} floats`,
    );
  }
  if (name === 'classifier') return calibrate({ filters, biases: tensorOf(tensors, `${name}.bias`).data }, tensors);
  const normed = batchNormScales({
    weight: tensorOf(tensors, `${norm}.weight`).data,
    bias: tensorOf(tensors, `${norm}.bias`).data,
    runningMean: tensorOf(tensors, `${norm}.running_mean`).data,
    runningVar: tensorOf(tensors, `${norm}.running_var`).data,
    epsilon: EPSILON,
  });
  return { filters, ...normed };
}

/** The classifier with each label's calibration in its filters and biases: scale · (Wx + b) + offset. */
function calibrate({ filters, biases }: ScaledWeights, tensors: ReadonlyMap<string, StoredTensor>): ScaledWeights {
  const [scales, offsets] = ['scales', 'offsets'].map((part) => tensors.get(`calibration.${part}`)?.data);
  if (!scales && !offsets) return { filters, biases };
  // A scale of 0 or less would turn a label's order round.
  if (scales?.length !== biases.length || offsets?.length !== biases.length || !scales.every((scale) => scale > 0)) {
    throw new TagmillError(
      'invalid-model',
      `calibration.scales and calibration.offsets have ${scales?.length} and ${offsets?.length} elements, expected ` +
        `${biases.length} each, and scales above 0`,
    );
  }
  return { filters, scales, biases: biases.map((bias, label) => bias * scales[label]! + offsets[label]!) };
}

/**
 * A tensor of a weights file.
 *
 * @throws {TagmillError} `invalid-model` if it is not there.
 */
export function tensorOf(tensors: ReadonlyMap<string, StoredTensor>, name: string): StoredTensor {
  const tensor = tensors.get(name);
  if (!tensor) throw new TagmillError('invalid-model', `No tensor ${name}`);
  return tensor;
}
