import type { StandardSchemaV1 } from '@standard-schema/spec';
/** What a schema, of whichever library, makes of a value. */
export declare function validate<Schema extends StandardSchemaV1>(schema: Schema, value: unknown): StandardSchemaV1.Result<StandardSchemaV1.InferOutput<Schema>>;
/** What is wrong with it, each `path: message`, or the message alone where it is wrong as a whole. */
export declare function listFaults(issues: readonly StandardSchemaV1.Issue[]): string[];
