import { type Layer, weightCount } from './architecture.ts';
import { type QuantizedLayer, type QuantizedNetwork, quantizedLayerOf } from './quantized.ts';

/**
 * ONNX Runtime has code of its own for convolutions of bytes whose filters are around zero, in so many channels or a multiple, from
 * at least four (MlasConvSym); others cost it a copy of all that a filter covers.
 */
const BLOCK = 16;

/** Pixels of a row that the stem takes together. */
export const GROUP = 4;

export interface WeightedLayer extends Layer {
  weights: QuantizedLayer;
}

/**
 * The same layers with channels in whole blocks: those that are added are zero, and nothing is made of them. The stem has 8 channels at
 * alpha 0.25, and 24 at 0.75.
 *
 * @throws {TagmillError} `invalid-model` if a layer's weights are missing or don't fit.
 */
export function inBlocks(layers: readonly Layer[], network: QuantizedNetwork): WeightedLayer[] {
  let inputChannels = layers[0]!.inputChannels;
  return layers.map((layer) => {
    const outputChannels =
      layer.kind === 'fully-connected' ? layer.outputChannels : Math.ceil(layer.outputChannels / BLOCK) * BLOCK;
    const wide = {
      ...layer,
      inputChannels,
      outputChannels,
    };
    inputChannels = outputChannels;
    return { ...wide, weights: widen(quantizedLayerOf(network, layer), layer, wide) };
  });
}

function widen(weights: QuantizedLayer, from: Layer, to: Layer): QuantizedLayer {
  if (from.inputChannels === to.inputChannels && from.outputChannels === to.outputChannels) return weights;
  const filters = new Int8Array(weightCount(to));
  const [own, wide] = [from, to].map((layer) => weightCount(layer) / layer.outputChannels) as [number, number];
  for (let channel = 0; channel < from.outputChannels; channel++) {
    filters.set(weights.filters.subarray(channel * own, (channel + 1) * own), channel * wide);
  }
  const filterScales = new Float32Array(to.outputChannels).fill(1);
  filterScales.set(weights.filterScales);
  const biases = new Int32Array(to.outputChannels);
  biases.set(weights.biases);
  return { filters, filterScales, biases };
}

/**
 * The stem's filters for groups of four pixels, which the stem's stride of two makes two results of: those become channels side by
 * side. What was three channels is twelve, and a row of the picture, or of results, is the same bytes either way.
 *
 * @param before pixels of padding at the left: 0 or 1.
 * @returns filters of [2 x output channels, GROUP x input channels, kernel, 2 groups].
 */
export function inGroups(
  { kernel, stride, inputChannels, outputChannels, weights: { filters, filterScales, biases } }: WeightedLayer,
  before: number,
): QuantizedLayer {
  const results = GROUP / stride;
  const grouped = new Int8Array(results * outputChannels * GROUP * inputChannels * kernel * 2);
  filters.forEach((weight, i) => {
    const [column, row] = [i % kernel, Math.floor(i / kernel) % kernel];
    const [input, output] = [Math.floor(i / kernel ** 2) % inputChannels, Math.floor(i / kernel ** 2 / inputChannels)];
    for (let result = 0; result < results; result++) {
      // Of the two groups' pixels; with padding, the first group is the one before.
      const pixel = result * stride + column + (before > 0 ? GROUP - before : 0);
      const channel =
        (result * outputChannels + output) * GROUP * inputChannels + (pixel % GROUP) * inputChannels + input;
      grouped[(channel * kernel + row) * 2 + Math.floor(pixel / GROUP)] = weight;
    }
  });
  return {
    filters: grouped,
    filterScales: Float32Array.from({ length: results * outputChannels }, (_, i) => filterScales[i % outputChannels]!),
    biases: Int32Array.from({ length: results * outputChannels }, (_, i) => biases[i % outputChannels]!),
  };
}
