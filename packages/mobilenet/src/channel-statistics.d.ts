import type { Layer } from './architecture.ts';
/** What was seen of a layer's channels on some images. */
export interface ChannelStatistics {
    maxima: Float32Array;
    means: Float32Array;
}
/** The outputs of a model that `writeOnnx` made `observed`, batch by batch. */
export type Observations = AsyncIterable<Readonly<Record<string, Float32Array>>>;
/** The largest and the mean value of each channel of each layer but the classifier, and of `pool`. */
export declare function channelStatistics(layers: readonly Layer[], observations: Observations): Promise<Map<string, ChannelStatistics>>;
