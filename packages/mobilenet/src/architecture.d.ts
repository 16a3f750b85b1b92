/** MobileNet V1, the two networks that its paper compares it with (Table 4 and Table 5), and MobileNetV2. */
export declare const NETWORKS: readonly ['mobilenet-v1', 'full-convolution', 'shallow', 'mobilenet-v2'];
export type Network = (typeof NETWORKS)[number];
/** `separable` is a depthwise convolution and the pointwise one that follows it. */
export type LayerKind = 'standard' | 'depthwise' | 'pointwise' | 'fully-connected';
export interface Layer {
    /**
     * `stem`, `block1.depthwise`, `block1.pointwise` … `classifier`; of MobileNetV2 `block1.depthwise`, `block1.projection`,
     * `block2.expansion` …, and `head` before the classifier.
     */
    name: string;
    kind: LayerKind;
    /** DK: side of the filter; 1 for pointwise and fully connected layers. */
    kernel: number;
    stride: 1 | 2;
    /** M. */
    inputChannels: number;
    /** N. */
    outputChannels: number;
    /** Side of the square feature map that goes in; 1 for the classifier. */
    inputSize: number;
    /** DF: side of the one that comes out. */
    outputSize: number;
    /** No activation follows: a linear bottleneck. */
    isLinear?: true;
    /** The layer to whose output, with what was added to that, this one's is added. */
    residual?: string;
}
export interface ArchitectureOptions {
    network: Network;
    /** Width multiplier, in (0, 1]; of MobileNetV2 up to 1.4. */
    alpha: number;
    /** Side of the input in pixels, divisible by 32: rho times 224 in the paper. */
    resolution: number;
    classes: number;
}
/**
 * Table 2 (arXiv 1801.04381): bottlenecks of MobileNetV2, each line repeated; the stride is that of the first of them. The channels in
 * between are `expansion` times those that come in.
 */
export declare const BOTTLENECKS: readonly {
    expansion: number;
    outputChannels: number;
    repeats: number;
    stride: 1 | 2;
}[];
/**
 * The layers that have weights, in order. Batch norm follows each but the last, and ReLU where they aren't linear; a global average
 * pool comes before the classifier and a softmax after it.
 *
 * @throws {TagmillError} `invalid-argument` for an alpha that is not above 0 or too large, a resolution not divisible by 32, or no class.
 *
 * @example
 * architecture({ network: 'mobilenet-v1', alpha: 1, resolution: 224, classes: 1000 }).length // 28
 */
export declare function architecture({ network, alpha, resolution, classes }: ArchitectureOptions): Layer[];
/** Elements of a layer's filters: N filters of DK x DK x M, or one of DK x DK for each channel of a depthwise layer. */
export declare function weightCount({ kind, kernel, inputChannels, outputChannels }: Layer): number;
