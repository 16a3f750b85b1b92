import { createHash } from 'node:crypto';
import { type Fingerprint, type ImageScores, TagmillError, validate } from '@tagmill/core';
import { hashRules, NO_RULES, type Rules, rulesSchema } from '@tagmill/rules';
import type { StoredRules } from '@tagmill/tag-store';
import { addTaught, type NamedTags } from '@tagmill/tagger';
import { type StoredTag, scoreStored, storedTagSchema } from '@tagmill/teach/stored-tags';

/** What a stack's images are named by: rules, and the tags that were taught. */
export interface RuleSet {
  rules: Rules;
  /** None if absent. */
  taught?: readonly StoredTag[];
  /** That records name; undefined as long as nobody has made any. */
  version: string | undefined;
}

/** A table's item holds 400 KB, a taught tag some 5. */
const MOST_BYTES = 390_000;

/**
 * Rules and taught tags as the table keeps them, under a version that names what they say.
 *
 * @throws {TagmillError} `invalid-argument` if they are too many.
 */
export function formatRuleSet({ rules, taught = [] }: Omit<RuleSet, 'version'>): StoredRules {
  if (taught.length === 0) return { version: hashRules(rules), text: JSON.stringify(rules) };
  const text = JSON.stringify({ ...rules, taught });
  if (Buffer.byteLength(text) > MOST_BYTES) {
    throw new TagmillError('invalid-argument', `${taught.length} taught tags are more than a stack holds: forget some`);
  }
  return { version: createHash('sha256').update(text).digest('hex').slice(0, 16), text };
}

/**
 * The inverse of {@link formatRuleSet}.
 *
 * @throws {TagmillError} `internal` if they aren't of a kind that this version of tagmill knows.
 */
export function parseRuleSet({ version, text }: StoredRules): RuleSet & { version: string } {
  const { taught = [], ...given } = parseJson(text);
  const rules = validate(rulesSchema, given);
  const tags = (Array.isArray(taught) ? taught : [undefined]).map((each) => validate(storedTagSchema, each));
  const issues = [rules, ...tags].find((each) => each.issues)?.issues;
  if (issues || rules.issues) {
    throw new TagmillError(
      'internal',
      `The rules ${version} are damaged, or say what this version of tagmill does not know: apply rules anew`,
      { cause: issues },
    );
  }
  const values = tags.flatMap((each) => (each.issues ? [] : [each.value]));
  return { rules: rules.value, ...(values.length > 0 && { taught: values }), version };
}

/** Rules and taught tags as long as nobody has made any. */
export const NOTHING_IN_FORCE: RuleSet = { rules: NO_RULES, version: undefined };

/**
 * Adds the taught tags that an image's fingerprint shows to what its labels are called. It goes by what is kept of the image, so naming it
 * anew gives the same.
 */
export function nameTaught<Named extends NamedTags>(
  named: Named,
  { scores, fingerprint }: { scores: ImageScores; fingerprint?: Fingerprint | undefined },
  { taught = [] }: Pick<RuleSet, 'taught'>,
): Named {
  return addTaught(named, scoreStored(taught, fingerprint ?? {}, scores.variant), scores);
}

function parseJson(text: string): { taught?: unknown } {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return { taught: 'damaged' };
  }
}
