import { type Layer, weightCount } from './architecture.ts';

/** A layer's filters and biases, batch norm folded in. */
export interface LayerWeights {
  /** Output channels, input channels (1 for a depthwise layer), height, width: row by row. */
  filters: Float32Array;
  /** One an output channel. */
  biases: Float32Array;
}

/** The same before the filters were multiplied, which ONNX Runtime does when it loads a network, faster than it could be done here. */
export interface ScaledWeights {
  /** As they are stored. */
  filters: Float16Array | Float32Array;
  /** To multiply them by, one an output channel; nothing if absent. */
  scales?: Float32Array;
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
 * What a batch norm makes of the convolution before it: y = (Wx - mean) · weight / sqrt(var + epsilon) + bias is one
 * convolution with scaled filters and a bias.
 */
export function batchNormScales({ weight, bias, runningMean, runningVar, epsilon }: BatchNorm) {
  const scales = weight.map((each, i) => each / Math.sqrt(runningVar[i]! + epsilon));
  return { scales, biases: bias.map((each, i) => each - runningMean[i]! * scales[i]!) };
}

/** Multiplies a layer's filters by their scales. */
export function foldBatchNorm({ filters, scales, biases }: ScaledWeights): LayerWeights {
  const multiplied = new Float32Array(filters);
  const perChannel = filters.length / biases.length;
  if (scales) {
    for (let channel = 0, i = 0; channel < scales.length; channel++) {
      const scale = scales[channel]!;
      for (const end = i + perChannel; i < end; i++) multiplied[i]! *= scale;
    }
  }
  return { filters: multiplied, biases: biases.slice() };
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
