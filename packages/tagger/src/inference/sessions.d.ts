import { type Variant } from '@tagmill/core';
export interface SessionPoolOptions {
    /**
     * Gives a variant's ONNX model: uint8 `images` [batch, S, S, 3] in, float32 `probabilities` [batch, classes] out; and, unless it
     * was written by another program, `features` [batch, channels].
     */
    onnx: (variant: Variant) => Promise<Uint8Array>;
    /** Threads that one inference may use. Images are inferred side by side, so one by default. */
    intraOpThreads?: number;
}
/** What a network says of images, one after the other. */
export interface Inference {
    /** One a class. */
    probabilities: Float32Array;
    /** What the classifier reads, one a channel. */
    features: Float32Array;
}
/** One ONNX Runtime session a variant, made when it is first asked for and shared by all. */
export declare class SessionPool {
    #private;
    constructor({ onnx, intraOpThreads }: SessionPoolOptions);
    /** Makes the session ahead of its first image. */
    preload(variant: Variant): Promise<void>;
    /** Whether its session is made. */
    isLoaded({ variant }: Pick<Variant, 'variant'>): boolean;
    /**
     * Runs the network.
     *
     * @param pixels inputSize x inputSize x 3 bytes an image.
     * @param count of images.
     * @returns one score a class and image.
     * @throws {TagmillError} `invalid-model` if the model can't be loaded, `inference-failed` if it can't be run, or is an int8
     * model that this processor can't compute exactly.
     */
    infer(variant: Variant, pixels: Uint8Array, count?: number): Promise<Float32Array>;
    /**
     * Runs the network, and gives its features as well: see {@link infer}.
     *
     * @throws {TagmillError} as {@link infer}, and `invalid-model` if the variant's model doesn't give its features.
     */
    inferFeatures(variant: Variant, pixels: Uint8Array, count?: number): Promise<Inference>;
    /** Whether a variant's model gives its features: those that were imported before it could, don't. */
    givesFeatures(variant: Variant): Promise<boolean>;
    /** Frees every session. */
    close(): Promise<void>;
}
