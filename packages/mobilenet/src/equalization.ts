import type { Layer } from './architecture.ts';
import { filterRange } from './filter-bytes.ts';
import type { LayerWeights, Weights } from './weights.ts';

/**
 * By how much each channel of each layer is divided so that a layer's channels, which share one activation scale, use it
 * alike. After a ReLU nothing changes if the next layer's filters for that channel are multiplied by as much: ReLU(x / s) · s
 * is ReLU(x) (cross-layer equalization, Nagel et al., arXiv 1906.04721, section 4.1).
 *
 * There both ranges are those of filters. With a filter scale for each output channel and ranges of activations known, it is the
 * activations that have to be evened out. Before a depthwise layer that costs nothing, its filters being scaled by channel
 * as well: s is the channel's largest activation. Before a pointwise layer or the classifier an output's filters share a scale,
 * and s = sqrt(activation / filters) shares the unevenness between both (arXiv 2211.10438, equation 4, with an exponent of 1/2).
 *
 * @param maxima the largest activation of each channel, by layer.
 */
export function equalizationFactors(
  layers: readonly Layer[],
  weights: Weights,
  maxima: ReadonlyMap<string, Float32Array>,
): Map<string, Float32Array> {
  return new Map(
    layers.slice(0, -1).map((layer, i) => {
      const next = layers[i + 1]!;
      const ranges = next.kind === 'depthwise' ? undefined : inputRanges(next, weights.get(next.name)!);
      const factors = maxima.get(layer.name)!.map((maximum, channel) => {
        const factor = ranges ? Math.sqrt(maximum / ranges[channel]!) : maximum;
        // A channel that is never on, or that nothing reads.
        return factor > 0 && factor < Infinity ? factor : 1;
      });
      return [layer.name, factors];
    }),
  );
}

/** How far the filters reach for each input channel, as fractions of the output channel's range: the largest over the outputs. */
function inputRanges({ inputChannels }: Layer, { filters }: LayerWeights): Float32Array {
  const ranges = new Float32Array(inputChannels);
  for (let start = 0; start < filters.length; start += inputChannels) {
    const row = filters.subarray(start, start + inputChannels);
    const range = filterRange(row);
    if (range === 0) continue;
    for (let input = 0; input < inputChannels; input++) {
      ranges[input] = Math.max(ranges[input]!, Math.abs(row[input]!) / range);
    }
  }
  return ranges;
}

/** The same network with its channels divided by such factors. */
export function equalizeChannels(
  layers: readonly Layer[],
  weights: Weights,
  factors: ReadonlyMap<string, Float32Array>,
): Map<string, LayerWeights> {
  let before: Float32Array | undefined;
  return new Map(
    layers.map(({ name, kind, kernel, inputChannels }) => {
      const { filters, biases } = weights.get(name)!;
      const own = factors.get(name);
      const area = kernel * kernel;
      const perOutput = filters.length / biases.length;
      const multiplied = before;
      const scaled = filters.map((value, i) => {
        const output = Math.floor(i / perOutput);
        const input = kind === 'depthwise' ? output : Math.floor(i / area) % inputChannels;
        return (value * (multiplied?.[input] ?? 1)) / (own?.[output] ?? 1);
      });
      before = own;
      return [name, { filters: scaled, biases: biases.map((bias, output) => bias / (own?.[output] ?? 1)) }];
    }),
  );
}
