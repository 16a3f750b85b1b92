import type { Layer } from './architecture.ts';
import type { FilterBytes } from './filter-bytes.ts';
import type { LayerWeights } from './weights.ts';

/**
 * Biases that undo the average change of a layer's output by the filters' rounding. They are less by the rounding errors times the means
 * of the input (bias correction, Nagel et al., arXiv 1906.04721, section 4.2).
 *
 * @param means of each input channel.
 */
export function correctedBiases(
  layer: Layer,
  { filters, biases }: LayerWeights,
  { filters: bytes, scales }: FilterBytes,
  means: Float32Array,
): Float32Array {
  const { kind, kernel, inputChannels } = layer;
  const area = kernel * kernel;
  const perOutput = filters.length / biases.length;
  const shares = tapShares(layer);
  return biases.map((bias, output) => {
    let shift = 0;
    for (let at = 0; at < perOutput; at++) {
      const i = output * perOutput + at;
      const input = kind === 'depthwise' ? output : Math.floor(at / area) % inputChannels;
      shift += (bytes[i]! * scales[output]! - filters[i]!) * means[input]! * shares[at % area]!;
    }
    return bias - shift;
  });
}

/** For each place of a filter, row by row, the share of output positions where it isn't over the padding. */
function tapShares({ kernel, stride, inputSize, outputSize }: Layer): number[] {
  const margin = (kernel - 1) / 2;
  const along = Array.from({ length: kernel }, (_, tap) => {
    const positions = Array.from({ length: outputSize }, (_, position) => position * stride + tap - margin);
    return positions.filter((position) => position >= 0 && position < inputSize).length / outputSize;
  });
  return along.flatMap((row) => along.map((column) => row * column));
}
