import { TagmillError } from '@tagmill/core';
import type { ObjectName } from '@tagmill/tag-store';
import type * as z from 'zod';

/**
 * Reads a query string by its schema.
 *
 * @throws {TagmillError} `invalid-argument`, naming each parameter that is unknown, repeated or malformed.
 */
export function parseQuery<Schema extends z.ZodType>(schema: Schema, rawQueryString: string): z.output<Schema> {
  const parameters = new URLSearchParams(rawQueryString);
  const repeated = [...new Set(parameters.keys())].filter((name) => parameters.getAll(name).length > 1);
  if (repeated.length > 0) throw new TagmillError('invalid-argument', `${repeated.join(', ')}: given more than once`);
  return parse(schema, Object.fromEntries(parameters));
}

/**
 * Reads a body of JSON by its schema.
 *
 * @throws {TagmillError} `invalid-argument` if it is no JSON, naming each part that is unknown or malformed.
 */
export function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  { body = '', isBase64Encoded }: { body?: string | undefined; isBase64Encoded?: boolean | undefined },
): z.output<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body);
  } catch (cause) {
    throw new TagmillError('invalid-argument', 'The body is not JSON', { cause });
  }
  return parse(schema, json);
}

function parse<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => [...issue.path, issue.message].join(': '));
  throw new TagmillError('invalid-argument', faults.join('; '), { cause: parsed.error });
}

/**
 * The bucket and the key in `/images/{bucket}/{key+}`, each segment decoded on its own: a `/` of the key stands as it is, or
 * encoded. A function URL doesn't decode the path. What a client normalizes away, such as `..`, goes into a query string.
 *
 * @returns undefined if the path is another one.
 * @throws {TagmillError} `invalid-argument` if it is badly encoded.
 */
export function imageOfPath(rawPath: string): ObjectName | undefined {
  const [, bucket, key] = /^\/images\/([^/]+)\/(.+)$/s.exec(rawPath) ?? [];
  if (!bucket || !key) return undefined;
  try {
    return { bucket: decodeURIComponent(bucket), key: key.split('/').map(decodeURIComponent).join('/') };
  } catch (cause) {
    throw new TagmillError('invalid-argument', 'The path is badly percent-encoded', { cause });
  }
}
