import { type StoredTensor } from './safetensors.ts';
/** One pixel of padding on all sides, plain ReLUs, and a sigmoid a label. */
export declare const EVERYDAY_LAYOUT: {
    readonly activation: 'relu';
    readonly padding: 'symmetric';
    readonly outputs: 'sigmoid';
};
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
export declare function buildEveryday(file: Uint8Array, { alpha, resolution }: EverydayOptions): Uint8Array;
/** The network of such a file's tensors at a resolution, with batch norms folded into its filters. */
export declare function everydayNetwork(file: ReadonlyMap<string, StoredTensor>, options: EverydayOptions): {
    inputScale: number;
    inputZeroPoint: 127.5;
    activation: 'relu';
    padding: 'symmetric';
    outputs: 'sigmoid';
    weights: Map<string, import("./weights.ts").LayerWeights>;
    layers: import("./architecture.ts").Layer[];
};
/** Those of a resolution under their plain names, in place of the ones that all resolutions share. */
export declare function tensorsAt(resolution: number, tensors: ReadonlyMap<string, StoredTensor>): Map<string, StoredTensor>;
/**
 * A tensor of a weights file.
 *
 * @throws {TagmillError} `invalid-model` if it is not there.
 */
export declare function tensorOf(tensors: ReadonlyMap<string, StoredTensor>, name: string): StoredTensor;
