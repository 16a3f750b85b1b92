import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type Label, type Thresholds, type Variant } from '@tagmill/core';
/** The variants that are there to choose from, with their labels and models. */
export declare class Catalogue {
    #private;
    readonly variants: readonly Variant[];
    constructor(variants: readonly Variant[], labelFiles: ReadonlyMap<string, string>, directories: ReadonlyMap<string, string>);
    /** The folder whose catalogue describes this variant. */
    directoryOf({ variant }: Variant): string;
    /**
     * The variant of that name.
     *
     * @throws {TagmillError} `unknown-variant`, listing those that exist.
     */
    find(name: string): Variant;
    /**
     * The family's variants, most accurate first; those that nobody has measured come last, most mult-adds first. All int8 ones come
     * after the float ones that they were made of: if they were measured to be more accurate, that was chance.
     *
     * @throws {TagmillError} `unknown-variant`, listing the families that exist.
     */
    family(name: string): Variant[];
    /** The labels of a variant's classes, in the order of its scores. */
    labels({ labels }: Pick<Variant, 'labels'>): Promise<Label[]>;
    /**
     * When the tags of the variant of that name are worth showing; undefined where nobody has measured it.
     *
     * @throws {TagmillError} `unknown-variant`; `invalid-catalogue` if they can't be read.
     */
    thresholds(name: string): Promise<Thresholds | undefined>;
    /** The model of one of them: see `loadOnnx`, which is loaded when a model is. */
    onnx(variant: Variant): Promise<Uint8Array>;
}
export interface LoadCatalogueOptions {
    /** Folders with a `catalogue.json`. */
    directories: readonly string[];
}
/**
 * Reads one or more catalogues as one.
 *
 * @throws {TagmillError} `invalid-catalogue` if one is malformed or two of them describe the same variant.
 */
export declare function loadCatalogue({ directories }: LoadCatalogueOptions): Promise<Catalogue>;
/**
 * Reads a JSON file by its schema, of whichever library.
 *
 * @throws {TagmillError} `invalid-catalogue` if it can't be read, is not JSON, or not what the schema describes.
 */
export declare function readJson<Schema extends StandardSchemaV1>(file: string, schema: Schema): Promise<StandardSchemaV1.InferOutput<Schema>>;
