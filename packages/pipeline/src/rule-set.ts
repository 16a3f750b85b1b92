import { type Fingerprint, type ImageScores, TagmillError, validate } from '@tagmill/core';
import { hashRules, NO_RULES, type Rules, rulesSchema } from '@tagmill/rules';
import type { StoredRules } from '@tagmill/tag-store';
import { addTaught, type NamedTags } from '@tagmill/tagger';
import { type StoredTag, scoreStored, storedTagSchema } from '@tagmill/teach/stored-tags';
import * as v from 'valibot';

/** What a stack's images are named by: rules, and the tags that were taught. */
export interface RuleSet {
  rules: Rules;
  /** None if absent. */
  taught?: readonly StoredTag[];
  /** That records name; undefined as long as nobody has made any. */
  version: string | undefined;
}

/** A set that the table holds, or will. */
export type VersionedRuleSet = RuleSet & { version: string };

/** Rules and taught tags as long as nobody has made any. */
export const NOTHING_IN_FORCE: RuleSet = { rules: NO_RULES, version: undefined };

/** DynamoDB's limit of an item is 400 KB, its key and names included. */
const MAX_TEXT_BYTES = 390_000;

const ruleSetSchema = v.strictObject({ ...rulesSchema.entries, taught: v.optional(v.array(storedTagSchema)) });

/**
 * Gives rules and taught tags the version that names what they say.
 *
 * @throws {TagmillError} `invalid-argument` if they are more than the table holds.
 */
export function versionRuleSet(set: Omit<RuleSet, 'version'>): VersionedRuleSet {
  const stored = asStored(set);
  if (Buffer.byteLength(JSON.stringify(stored)) > MAX_TEXT_BYTES) {
    throw new TagmillError(
      'invalid-argument',
      `Rules and ${set.taught?.length ?? 0} taught tags are more than the table holds: forget some, with tagmill taught rm`,
    );
  }
  return { ...set, version: hashRules(stored) };
}

/** A set as the table keeps it. */
export function storeRuleSet({ version, ...set }: VersionedRuleSet): StoredRules {
  return { version, text: JSON.stringify(asStored(set)) };
}

/**
 * The inverse of {@link storeRuleSet}.
 *
 * @throws {TagmillError} `internal` if the text says what this version of tagmill doesn't know.
 */
export function parseRuleSet({ version, text }: StoredRules): VersionedRuleSet {
  const result = validate(ruleSetSchema, parseJson(text));
  if (result.issues) {
    throw new TagmillError(
      'internal',
      `The rules ${version} are damaged, or say what this version of tagmill does not know: use the tagmill that put them in force`,
      { cause: result.issues },
    );
  }
  const { taught, ...rules } = result.value;
  return { rules, ...(taught && { taught }), version };
}

/**
 * Adds the taught tags that an image's fingerprint shows to what its labels are called. It goes by what is kept of the image, so naming
 * the image anew gives the same tags.
 */
export function nameTaught<Named extends NamedTags>(
  named: Named,
  { scores, fingerprint }: { scores: ImageScores; fingerprint?: Fingerprint | undefined },
  { taught = [] }: Pick<RuleSet, 'taught'>,
): Named {
  return addTaught(named, scoreStored(taught, { fingerprint, variant: scores.variant }), scores);
}

/** Without taught tags, it is what was stored before there were any: records name such rules by their digest. */
function asStored({ rules, taught = [] }: Omit<RuleSet, 'version'>) {
  return taught.length === 0 ? rules : { ...rules, taught };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
