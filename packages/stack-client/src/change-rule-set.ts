import { TagmillError } from '@tagmill/core';
import {
  type RuleSet,
  StoredRulesInForce,
  storeRuleSet,
  type VersionedRuleSet,
  versionRuleSet,
} from '@tagmill/pipeline';
import type { RulesStore } from '@tagmill/tag-store';

/**
 * Makes new rules and taught tags of those in force. It is asked again if someone else was faster, and may throw what speaks against it.
 */
export type ChangeRuleSet = (inForce: RuleSet) => Omit<RuleSet, 'version'>;

/** Others may be faster as often as this. */
const MAX_ATTEMPTS = 5;

/**
 * Puts changed rules and taught tags in force. Of two who change them at once, the second changes what the first put: nothing is lost.
 *
 * @throws {TagmillError} `conflict` if others were faster again and again; what `change` throws.
 */
export async function changeRuleSet(
  store: Pick<RulesStore, 'version' | 'text' | 'put'>,
  change: ChangeRuleSet,
): Promise<VersionedRuleSet> {
  for (let attempt = 1; ; attempt++) {
    const before = await new StoredRulesInForce({ store }).refresh();
    const set = versionRuleSet(change(before));
    try {
      await store.put(storeRuleSet(set), new Date(), { over: before.version });
      return set;
    } catch (error) {
      const isConflict = error instanceof TagmillError && error.code === 'conflict';
      if (!isConflict || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
