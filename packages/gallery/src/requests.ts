import { TagmillError } from '@tagmill/core';
import { z } from 'zod';
import { PICTURE_SIDES, type PictureSize } from './pictures.ts';

/** Images of one archive. */
const MAX_DOWNLOADED = 2000;

const text = z.string().min(1);

export const imageName = z.strictObject({ bucket: text, key: text });
const names = z.array(z.string()).optional();

/** What the names are, the API says. */
export const correction = z.strictObject({ ...imageName.shape, add: names, remove: names, forget: names });
export const downloadNames = z.array(imageName).min(1).max(MAX_DOWNLOADED);
/** What they mean, the API says. */
export const duplicatesQuery = z.strictObject({ q: text.optional(), outcome: text.optional() });
export const downloadParameters = z.strictObject({ id: z.uuid() });
export const uploadQuery = z.strictObject({ name: text });
export const pictureQuery = z.strictObject({ ...imageName.shape, sha256: text.optional() });
export const pictureParameters = z.object({
  size: z.enum(Object.keys(PICTURE_SIDES) as [PictureSize, ...PictureSize[]]),
});

/**
 * Reads a part of a request by its schema.
 *
 * @throws {TagmillError} `invalid-argument`, naming each field that is unknown, missing or malformed.
 */
export function parse<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => [...issue.path, issue.message].join(': '));
  throw new TagmillError('invalid-argument', faults.join('; '), { cause: parsed.error });
}
