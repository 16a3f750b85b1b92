import { type ImageFacts, type ImageRecord, type ImageScores, type Label, type MinConfidence, type ModelFacts, type Thresholds, type Timings, type Variant } from '@tagmill/core';
import type { Rules } from '@tagmill/rules';
import { type Isolation } from './decode.ts';
import { type SessionPoolOptions } from './inference/sessions.ts';
import { type ImageHeader } from './inspect.ts';
import { type ImageLimits } from './limits.ts';
import { CROPS } from './pixels/crops.ts';
import { type TaughtTags } from './tags/taught.ts';
export interface TaggerOptions extends SessionPoolOptions {
    /** At most so many tags, and so many broader ones. */
    topN?: number;
    minConfidence?: MinConfidence;
    labels: (variant: Pick<Variant, 'labels'>) => Promise<Label[]>;
    /**
     * When a variant's tags are worth showing; undefined where nobody has measured it, and for all variants if absent. Throws
     * `unknown-variant` where there is none of that name.
     */
    thresholds?: (variant: string) => Promise<Thresholds | undefined>;
    limits?: ImageLimits;
    /** How many parts of an image are looked at; the highest score of each label counts. */
    crops?: 1 | typeof CROPS;
    /** Tags that a person taught, beside the labels. */
    taught?: TaughtTags;
}
/** What scores are called by rules. */
export interface NamedTags extends Pick<ImageRecord, 'tags' | 'broader'> {
    outcome: 'tagged' | 'empty';
}
/** The part of a record that an image's bytes decide. */
export interface Tagging extends NamedTags {
    image: ImageFacts;
    /** To name it anew. */
    scores: ImageScores;
    model: ModelFacts;
    timings: Timings;
}
export declare const DEFAULT_TAG_OPTIONS: {
    readonly topN: 5;
    readonly minConfidence: 'default';
};
/**
 * One image in, tags out.
 *
 * @example
 * const tagger = new Tagger({ onnx: (v) => catalogue.onnx(v), labels: (v) => catalogue.labels(v) });
 * await tagger.tag(await readFile('cat.jpg'), catalogue.find('everyday/0.5-128'));
 */
export declare class Tagger {
    #private;
    readonly limits: ImageLimits;
    constructor({ onnx, intraOpThreads, labels, limits, crops, taught, ...options }: TaggerOptions);
    /**
     * Tags an image.
     *
     * @param choice the variant, or what chooses it once the header is read, or declines the image.
     * @param options.rules that name its tags.
     * @returns undefined if the image was declined.
     * @throws {InspectionError} if the image can never be tagged: a code of `REJECT_REASONS`.
     * @throws {TagmillError} if the model can't be loaded or run.
     */
    tag(bytes: Uint8Array, choice: Variant | ((header: ImageHeader) => Variant), options?: Isolation & {
        rules?: Rules;
    }): Promise<Tagging>;
    tag(bytes: Uint8Array, choice: (header: ImageHeader) => Variant | undefined, options?: Isolation & {
        rules?: Rules;
    }): Promise<Tagging | undefined>;
    /**
     * Loads a variant's model and labels ahead of its first image.
     *
     * @throws {TagmillError} `invalid-argument` if its tags are to be sure ones, and nobody has measured which are.
     */
    preload(variant: Variant): Promise<void>;
    /** Whether a variant's model is loaded. */
    isLoaded(variant: Pick<Variant, 'variant'>): boolean;
    /** Reads the header: see {@link inspect}. */
    inspect(bytes: Uint8Array, { isIsolated }?: Isolation): Promise<ImageHeader>;
    /** Makes the variant's input of an image, crop after crop: see {@link decode} and {@link decodeCrops}. */
    decode(bytes: Uint8Array, header: ImageHeader, variant: Variant, isolation?: Isolation): Promise<Uint8Array>;
    /**
     * Runs the variant on what {@link decode} made: see {@link SessionPool.infer}.
     *
     * @returns one score a class, crop after crop.
     */
    infer(pixels: Uint8Array, variant: Variant): Promise<Float32Array>;
    /**
     * Names what was found before by other rules, without the image.
     *
     * @returns undefined if its labels aren't the ones that the label set has now, or its variant is gone.
     * @throws {TagmillError} `invalid-catalogue` if there is no such label set.
     */
    rename(scores: ImageScores, rules: Rules): Promise<NamedTags | undefined>;
    /** Frees the sessions. */
    close(): Promise<void>;
    /** @throws {TagmillError} `invalid-argument` if its tags are to be sure ones, and nobody has measured which are. */
    assertMeasured({ variant, thresholds }: Pick<Variant, 'variant' | 'thresholds'>): void;
}
