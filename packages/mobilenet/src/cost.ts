import { type Layer, type LayerKind, weightCount } from './architecture.ts';

export interface Cost {
  multAdds: number;
  /** Weights of the filters, as the paper counts: no biases, no batch norm. */
  parameters: number;
}

/**
 * What one layer costs (arXiv 1704.04861, section 3.1): DK·DK·M·N·DF·DF mult-adds for a standard convolution,
 * DK·DK·M·DF·DF for a depthwise and M·N·DF·DF for a pointwise one: each of its weights once for each output position.
 */
export function layerCost(layer: Layer): Cost {
  const parameters = weightCount(layer);
  return { multAdds: parameters * layer.outputSize ** 2, parameters };
}

/** What the layers cost together. */
export function networkCost(layers: readonly Layer[]): Cost {
  return layers.map(layerCost).reduce((total, { multAdds, parameters }) => ({
    multAdds: total.multAdds + multAdds,
    parameters: total.parameters + parameters,
  }));
}

/** Fractions of a network's mult-adds and parameters by kind of layer: Table 2. */
export function costShares(layers: readonly Layer[]): Map<LayerKind, Cost> {
  const total = networkCost(layers);
  return new Map(
    [...Map.groupBy(layers, ({ kind }) => kind)].map(([kind, some]) => {
      const { multAdds, parameters } = networkCost(some);
      return [kind, { multAdds: multAdds / total.multAdds, parameters: parameters / total.parameters }];
    }),
  );
}

/**
 * What share of a standard convolution's mult-adds a separable one takes: 1/N + 1/DK² (section 3.1).
 *
 * @example
 * separableShare({ outputChannels: 512, kernel: 3 }) // 0.113…
 */
export function separableShare({ outputChannels, kernel }: { outputChannels: number; kernel: number }): number {
  return 1 / outputChannels + 1 / kernel ** 2;
}
