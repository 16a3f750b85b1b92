import type { StandardSchemaV1 } from '@standard-schema/spec';
/**
 * Parses the environment once, at start.
 *
 * @returns what the schema describes; an empty variable counts as unset.
 * @throws {TagmillError} `invalid-settings`, naming each variable that is missing or malformed.
 *
 * @example
 * parseSettings(z.object({ TABLE_NAME: z.string() }), process.env) // { TABLE_NAME: 'tags' }
 */
export declare function parseSettings<Schema extends StandardSchemaV1>(schema: Schema, environment: Readonly<Record<string, string | undefined>>): StandardSchemaV1.InferOutput<Schema>;
