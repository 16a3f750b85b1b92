import { type Observations } from './channel-statistics.ts';
export interface QuantizeEverydayOptions {
    /** Width multiplier of the weights. */
    alpha: number;
    resolutions: readonly number[];
    /** Means of the images' red, green and blue, 0 to 255. */
    pixelMeans: readonly number[];
    /** Runs an ONNX model on the images to calibrate with; its input is `images`, of that resolution. */
    observe: (model: Uint8Array, resolution: number) => Observations;
}
/**
 * Quantizes this project's own weights after training: channels evened out between layers, filters rounded to signed bytes with
 * a scale for each output channel, biases corrected for the rounding.
 *
 * @param file the float weights, as `buildEveryday` describes them.
 * @returns a file as `buildEverydayInt8` describes it.
 * @throws {TagmillError} `invalid-model` if a tensor is missing or doesn't fit, or filters differ by resolution by more than
 * a factor for each output channel.
 */
export declare function quantizeEveryday(file: Uint8Array, options: QuantizeEverydayOptions): Promise<Uint8Array>;
