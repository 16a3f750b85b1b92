import { type ImageRecord, type MinConfidence } from '@tagmill/core';
import type { Catalogue } from '@tagmill/variants/catalogue';
export interface TaggerOptions {
    /** The models to choose from; those inside the package if absent. */
    catalogue?: Catalogue;
    /** One variant for all images, e.g. `everyday/0.5-128`. */
    variant?: string;
    /** The family's most accurate variant, or those to choose from within `budgetMs`. Default: `everyday`. */
    family?: string;
    /** Milliseconds that an image may take. Each image gets the most accurate variant that fits. */
    budgetMs?: number;
    /** At most so many tags an image. Default: 5. */
    topN?: number;
    /** `default`: of the tags shown, four in five are right; `sure`: 95%; a number: all tags of at least that confidence. */
    minConfidence?: MinConfidence;
    /** Images that {@link Tagger.tagAll} has in flight. Default: 4. */
    concurrency?: number;
}
/** Bytes, with the name that the record has in `image.path`. */
export interface NamedImage {
    bytes: Uint8Array;
    path: string;
}
/** The path of a file, or bytes. */
export type ImageInput = string | Uint8Array | NamedImage;
/**
 * Tags images with one model, or with the one that fits a latency budget.
 *
 * @example
 * const tagger = await Tagger.open({ variant: 'everyday/0.5-128' });
 * const record = await tagger.tag(await readFile('cat.jpg'));
 * record.tags; // [{ name: 'cat', confidence: 0.93, parents: ['animal'] }]
 * await tagger.close();
 */
export declare class Tagger implements AsyncDisposable {
    #private;
    private constructor();
    /**
     * Loads the models that the options name.
     *
     * @throws {TagmillError} `unknown-variant`, listing those that exist; `invalid-argument` if options contradict each other.
     */
    static open(options?: TaggerOptions): Promise<Tagger>;
    /**
     * Tags one image. An image that can't be tagged gives a record too, with outcome `rejected` or `failed` and the reason.
     *
     * @returns the record that `tagmill tag --format jsonl` prints. Bytes without a name have an empty `image.path`.
     */
    tag(image: ImageInput): Promise<ImageRecord>;
    /** Tags many images, several at a time: one record an image, in the order of the images. */
    tagAll(images: Iterable<ImageInput> | AsyncIterable<ImageInput>): AsyncGenerator<ImageRecord, void, undefined>;
    /** Frees the models. */
    close(): Promise<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
