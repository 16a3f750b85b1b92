import { createHash } from 'node:crypto';
import * as v from 'valibot';

const confidence = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** Characters of a tag's name. */
export const MAX_TAG_NAME = 100;

/** Whether it is a name as people write it: no control characters, no spaces at its ends. */
export function isTagName(text: string): boolean {
  const fits = text.length > 0 && text.length <= MAX_TAG_NAME;
  return fits && text.trim() === text && text.isWellFormed() && !/\p{Cc}/u.test(text);
}

export const NO_TAG_NAME = 'is no name of a tag';

const tagName = v.pipe(v.string(), v.check(isTagName, NO_TAG_NAME));

const tagRuleSchema = v.strictObject({
  /** Below that it is no tag, or no broader tag. */
  minConfidence: v.optional(confidence),
  /** What it is called instead. */
  rename: v.optional(tagName),
  /** Further words that find it. */
  synonyms: v.optional(v.pipe(v.array(tagName), v.maxLength(50))),
  /** Never named; it still counts for what is above it. */
  hidden: v.optional(v.boolean()),
  /** Broader tags beside those that the label set knows, nearest first. */
  parents: v.optional(v.pipe(v.array(tagName), v.maxLength(20))),
});

export const rulesSchema = v.strictObject({
  /** Of tags and broader tags without a threshold of their own, in place of the stack's. */
  minConfidence: v.optional(confidence),
  minBroaderConfidence: v.optional(confidence),
  /** By the label set's name of a label or a broader tag, in upper or lower case. */
  tags: v.optional(v.record(v.string(), tagRuleSchema), {}),
});

export type TagRule = v.InferOutput<typeof tagRuleSchema>;
export type Rules = v.InferOutput<typeof rulesSchema>;

/**
 * Names rules by what they say: the same rules, however they are written down, have one version. Taught tags that go with them count too.
 *
 * @returns 16 hexadecimal digits of a SHA-256.
 */
export function hashRules(rules: Rules & { taught?: readonly object[] }): string {
  return createHash('sha256')
    .update(JSON.stringify(sortKeys(rules)))
    .digest('hex')
    .slice(0, 16);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sortKeys(each)]);
}
