import { TagmillError } from '@tagmill/core';
import type { ObjectName } from '@tagmill/tag-store';
import type { z } from 'zod';

/**
 * Reads a query string by its schema.
 *
 * @throws {TagmillError} `invalid-argument`, naming each parameter that is unknown, repeated or malformed.
 */
export function parseQuery<Schema extends z.ZodType>(schema: Schema, rawQueryString: string): z.output<Schema> {
  const parameters = new URLSearchParams(rawQueryString);
  const repeated = [...new Set(parameters.keys())].filter((name) => parameters.getAll(name).length > 1);
  if (repeated.length > 0) throw new TagmillError('invalid-argument', `${repeated.join(', ')}: given more than once`);
  const parsed = schema.safeParse(Object.fromEntries(parameters));
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
