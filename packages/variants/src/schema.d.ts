import * as v from 'valibot';
declare const catalogueEntrySchema: v.StrictObjectSchema<{
    readonly variant: v.StringSchema<undefined>;
    /** `.onnx` as it stands, or `.safetensors` that the graph is built from when it is loaded. */
    readonly file: v.SchemaWithPipe<readonly [v.SchemaWithPipe<readonly [v.StringSchema<undefined>, v.RegexAction<string, "must be a relative path inside the catalogue">]>, v.RegexAction<string, "must end in .onnx or .safetensors">]>;
    readonly sha256: v.SchemaWithPipe<readonly [v.StringSchema<undefined>, v.RegexAction<string, undefined>]>;
    readonly labels: v.StringSchema<undefined>;
    readonly preprocessing: v.StrictObjectSchema<{
        readonly inputSize: v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.SafeIntegerAction<number, undefined>, v.MinValueAction<number, 1, undefined>]>;
        readonly fit: v.PicklistSchema<["centre-crop", "squash"], undefined>;
        readonly centralFraction: v.SchemaWithPipe<readonly [v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.MinValueAction<number, 0, undefined>, v.MaxValueAction<number, 1, undefined>]>, v.GtValueAction<number, 0, undefined>]>;
    }, undefined>;
    readonly multAdds: v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.SafeIntegerAction<number, undefined>, v.MinValueAction<number, 1, undefined>]>;
    readonly parameters: v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.SafeIntegerAction<number, undefined>, v.MinValueAction<number, 1, undefined>]>;
    readonly sizeBytes: v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.SafeIntegerAction<number, undefined>, v.MinValueAction<number, 1, undefined>]>;
    readonly top1: v.OptionalSchema<v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.MinValueAction<number, 0, undefined>, v.MaxValueAction<number, 1, undefined>]>, undefined>;
    readonly top5: v.OptionalSchema<v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.MinValueAction<number, 0, undefined>, v.MaxValueAction<number, 1, undefined>]>, undefined>;
    readonly measuredOn: v.OptionalSchema<v.StringSchema<undefined>, undefined>;
    /** From which confidence each tag is shown. */
    readonly thresholds: v.OptionalSchema<v.SchemaWithPipe<readonly [v.StringSchema<undefined>, v.RegexAction<string, "must be a relative path inside the catalogue">]>, undefined>;
    readonly source: v.StringSchema<undefined>;
    readonly licence: v.StringSchema<undefined>;
}, undefined>;
/** `catalogue.json`: the same shape for the project's own models and for a user's. */
export declare const catalogueSchema: v.StrictObjectSchema<{
    readonly schemaVersion: v.LiteralSchema<1, undefined>;
    readonly labelSets: v.RecordSchema<v.StringSchema<undefined>, v.SchemaWithPipe<readonly [v.StringSchema<undefined>, v.RegexAction<string, "must be a relative path inside the catalogue">]>, undefined>;
    readonly variants: v.ArraySchema<v.StrictObjectSchema<{
        readonly variant: v.StringSchema<undefined>;
        /** `.onnx` as it stands, or `.safetensors` that the graph is built from when it is loaded. */
        readonly file: v.SchemaWithPipe<readonly [v.SchemaWithPipe<readonly [v.StringSchema<undefined>, v.RegexAction<string, "must be a relative path inside the catalogue">]>, v.RegexAction<string, "must end in .onnx or .safetensors">]>;
        readonly sha256: v.SchemaWithPipe<readonly [v.StringSchema<undefined>, v.RegexAction<string, undefined>]>;
        readonly labels: v.StringSchema<undefined>;
        readonly preprocessing: v.StrictObjectSchema<{
            readonly inputSize: v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.SafeIntegerAction<number, undefined>, v.MinValueAction<number, 1, undefined>]>;
            readonly fit: v.PicklistSchema<["centre-crop", "squash"], undefined>;
            readonly centralFraction: v.SchemaWithPipe<readonly [v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.MinValueAction<number, 0, undefined>, v.MaxValueAction<number, 1, undefined>]>, v.GtValueAction<number, 0, undefined>]>;
        }, undefined>;
        readonly multAdds: v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.SafeIntegerAction<number, undefined>, v.MinValueAction<number, 1, undefined>]>;
        readonly parameters: v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.SafeIntegerAction<number, undefined>, v.MinValueAction<number, 1, undefined>]>;
        readonly sizeBytes: v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.SafeIntegerAction<number, undefined>, v.MinValueAction<number, 1, undefined>]>;
        readonly top1: v.OptionalSchema<v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.MinValueAction<number, 0, undefined>, v.MaxValueAction<number, 1, undefined>]>, undefined>;
        readonly top5: v.OptionalSchema<v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.MinValueAction<number, 0, undefined>, v.MaxValueAction<number, 1, undefined>]>, undefined>;
        readonly measuredOn: v.OptionalSchema<v.StringSchema<undefined>, undefined>;
        /** From which confidence each tag is shown. */
        readonly thresholds: v.OptionalSchema<v.SchemaWithPipe<readonly [v.StringSchema<undefined>, v.RegexAction<string, "must be a relative path inside the catalogue">]>, undefined>;
        readonly source: v.StringSchema<undefined>;
        readonly licence: v.StringSchema<undefined>;
    }, undefined>, undefined>;
}, undefined>;
export declare const labelsSchema: v.SchemaWithPipe<readonly [v.ArraySchema<v.StrictObjectSchema<{
    readonly index: v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.SafeIntegerAction<number, undefined>, v.MinValueAction<number, 0, undefined>]>;
    readonly wnid: v.OptionalSchema<v.StringSchema<undefined>, undefined>;
    readonly name: v.SchemaWithPipe<readonly [v.StringSchema<undefined>, v.MinLengthAction<string, 1, undefined>]>;
    readonly synonyms: v.ArraySchema<v.StringSchema<undefined>, undefined>;
    readonly parents: v.ArraySchema<v.StringSchema<undefined>, undefined>;
}, undefined>, undefined>, v.CheckAction<{
    index: number;
    wnid?: string | undefined;
    name: string;
    synonyms: string[];
    parents: string[];
}[], "must be in the order of `index`">]>;
/** A variant's thresholds, and what they were chosen by. */
export declare const thresholdsSchema: v.StrictObjectSchema<{
    readonly schemaVersion: v.LiteralSchema<1, undefined>;
    readonly measuredOn: v.StringSchema<undefined>;
    readonly broader: v.PicklistSchema<readonly ["sum", "max", "noisy-or"], undefined>;
    readonly tags: v.RecordSchema<v.StringSchema<undefined>, v.StrictObjectSchema<{
        readonly shown: v.NullableSchema<v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.MinValueAction<number, 0, undefined>, v.MaxValueAction<number, 1, undefined>]>, undefined>;
        readonly sure: v.NullableSchema<v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.MinValueAction<number, 0, undefined>, v.MaxValueAction<number, 1, undefined>]>, undefined>;
        /** The share of people's photos that the tag is taken to be on. */
        readonly prevalence: v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.MinValueAction<number, 0, undefined>, v.MaxValueAction<number, 1, undefined>]>;
        /** Photos of the measurement that are known to have it, and known not to. */
        readonly positives: v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.SafeIntegerAction<number, undefined>, v.MinValueAction<number, 0, undefined>]>;
        readonly negatives: v.SchemaWithPipe<readonly [v.NumberSchema<undefined>, v.SafeIntegerAction<number, undefined>, v.MinValueAction<number, 0, undefined>]>;
    }, undefined>, undefined>;
}, undefined>;
export type ThresholdsFile = v.InferOutput<typeof thresholdsSchema>;
export type CatalogueEntry = v.InferOutput<typeof catalogueEntrySchema>;
export type CatalogueFile = v.InferOutput<typeof catalogueSchema>;
export {};
