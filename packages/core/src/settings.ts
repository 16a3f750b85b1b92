import type { StandardSchemaV1 } from '@standard-schema/spec';
import { TagmillError } from './errors.ts';
import { listFaults, validate } from './schema.ts';

/**
 * Parses the environment once, at start.
 *
 * @returns what the schema describes; an empty variable counts as unset.
 * @throws {TagmillError} `invalid-settings`, naming each variable that is missing or malformed.
 *
 * @example
 * parseSettings(z.object({ TABLE_NAME: z.string() }), process.env) // { TABLE_NAME: 'tags' }
 */
export function parseSettings<Schema extends StandardSchemaV1>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): StandardSchemaV1.InferOutput<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = validate(schema, given);
  if (!result.issues) return result.value;
  throw new TagmillError('invalid-settings', `Environment: ${listFaults(result.issues).join('; ')}`, {
    cause: result.issues,
  });
}
