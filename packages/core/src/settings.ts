import type * as z from 'zod';
import { TagmillError } from './errors.ts';

/**
 * Parses the environment once, at start.
 *
 * @returns what the schema describes; an empty variable counts as unset.
 * @throws {TagmillError} `invalid-settings`, naming each variable that is missing or malformed.
 *
 * @example
 * parseSettings(z.object({ TABLE_NAME: z.string() }), process.env) // { TABLE_NAME: 'tags' }
 */
export function parseSettings<Schema extends z.ZodType>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new TagmillError('invalid-settings', `Environment: ${faults.join('; ')}`, { cause: parsed.error });
}
