import { type Layer, weightCount } from './architecture.ts';

/** A layer's filters and biases, batch norm folded in. */
export interface LayerWeights {
  /** Output channels, input channels (1 for a depthwise layer), height, width: row by row. */
  filters: Float32Array;
  /** One an output channel. */
  biases: Float32Array;
}

/** By layer name. */
export type Weights = ReadonlyMap<string, LayerWeights>;

export interface BatchNorm {
  weight: Float32Array;
  bias: Float32Array;
  runningMean: Float32Array;
  runningVar: Float32Array;
  epsilon: number;
}

/**
 * Folds a batch norm into the convolution before it: y = (Wx - mean) · weight / sqrt(var + epsilon) + bias
 * is one convolution with scaled filters and a bias.
 *
 * @param filters output channels first.
 */
export function foldBatchNorm(filters: Float32Array, norm: BatchNorm): LayerWeights {
  const channels = norm.weight.length;
  const scales = norm.weight.map((weight, i) => weight / Math.sqrt(norm.runningVar[i]! + norm.epsilon));
  const perChannel = filters.length / channels;
  const folded = new Float32Array(filters.length);
  for (let channel = 0, i = 0; channel < channels; channel++) {
    const scale = scales[channel]!;
    for (const end = i + perChannel; i < end; i++) folded[i] = filters[i]! * scale;
  }
  return {
    filters: folded,
    biases: norm.bias.map((bias, i) => bias - norm.runningMean[i]! * scales[i]!),
  };
}

/**
 * Random filters of variance 2 / fan-in (He et al., arXiv 1502.01852), which keep the size of the activations from layer
 * to layer, so that a network can be timed without weights: neither infinities nor denormals arise.
 *
 * @param random uniform in [0, 1).
 */
export function randomWeights(layers: readonly Layer[], random: () => number): Weights {
  return new Map(
    layers.map((layer) => {
      const count = weightCount(layer);
      const fanIn = count / layer.outputChannels;
      // Uniform in ±a has the variance a²/3.
      const bound = Math.sqrt(6 / fanIn);
      const filters = Float32Array.from({ length: count }, () => (2 * random() - 1) * bound);
      return [layer.name, { filters, biases: new Float32Array(layer.outputChannels) }];
    }),
  );
}
