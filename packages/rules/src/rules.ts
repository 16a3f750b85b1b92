import { createHash } from 'node:crypto';
import * as z from 'zod';

const confidence = z.number().min(0).max(1);

/** A name as people write it: no control characters, no spaces at its ends. */
export const tagNameSchema = z
  .string()
  .min(1)
  .max(100)
  .refine((text) => text.trim() === text && text.isWellFormed() && !/\p{Cc}/u.test(text), 'is no name of a tag');

const tagRuleSchema = z.strictObject({
  /** Below that it is no tag, or no broader tag. */
  minConfidence: confidence.optional(),
  /** What it is called instead. */
  rename: tagNameSchema.optional(),
  /** Further words that find it. */
  synonyms: z.array(tagNameSchema).max(50).optional(),
  /** Never named; it still counts for what is above it. */
  hidden: z.boolean().optional(),
  /** Broader tags beside those that the label set knows, nearest first. */
  parents: z.array(tagNameSchema).max(20).optional(),
});

export const rulesSchema = z.strictObject({
  /** Of tags and broader tags without a threshold of their own, in place of the stack's. */
  minConfidence: confidence.optional(),
  minBroaderConfidence: confidence.optional(),
  /** By the label set's name of a label or a broader tag, in upper or lower case. */
  tags: z.record(z.string(), tagRuleSchema).default({}),
});

export type TagRule = z.output<typeof tagRuleSchema>;
export type Rules = z.output<typeof rulesSchema>;

/**
 * Names rules by what they say: the same rules, however they are written down, have one version.
 *
 * @returns 16 hexadecimal digits of a SHA-256.
 */
export function versionOf(rules: Rules): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(rules)))
    .digest('hex')
    .slice(0, 16);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sorted(each)]);
}
