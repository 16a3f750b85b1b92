import { type Layer, type LayerKind } from './architecture.ts';
export interface Cost {
    multAdds: number;
    /** Weights of the filters, as the paper counts: no biases, no batch norm. */
    parameters: number;
}
/**
 * What one layer costs (arXiv 1704.04861, section 3.1): DK·DK·M·N·DF·DF mult-adds for a standard convolution,
 * DK·DK·M·DF·DF for a depthwise and M·N·DF·DF for a pointwise one: each of its weights once for each output position.
 */
export declare function layerCost(layer: Layer): Cost;
/** What the layers cost together. */
export declare function networkCost(layers: readonly Layer[]): Cost;
/** Fractions of a network's mult-adds and parameters by kind of layer: Table 2. */
export declare function costShares(layers: readonly Layer[]): Map<LayerKind, Cost>;
/**
 * What share of a standard convolution's mult-adds a separable one takes: 1/N + 1/DK² (section 3.1).
 *
 * @example
 * separableShare({ outputChannels: 512, kernel: 3 }) // 0.113…
 */
export declare function separableShare({ outputChannels, kernel }: {
    outputChannels: number;
    kernel: number;
}): number;
