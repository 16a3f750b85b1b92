import { TagmillError, tagKey } from '@tagmill/core';
import { formatRuleSet, type RuleSet, StoredRulesInForce } from '@tagmill/pipeline';
import { RulesStore, type TagStoreOptions } from '@tagmill/tag-store';
import type { StoredTag } from '@tagmill/teach/stored-tags';

/** What a stack's images are named by now. */
export function readRuleSet(table: TagStoreOptions): Promise<RuleSet> {
  return new StoredRulesInForce({ store: new RulesStore(table) }).refresh();
}

/** The same with a taught tag, in place of one of its name. */
export function withTaught({ rules, taught = [] }: RuleSet, tag: StoredTag): RuleSet & { version: string } {
  const tags = [...without(taught, tag.name), tag].sort((a, b) => a.name.localeCompare(b.name, 'en'));
  return { rules, taught: tags, version: formatRuleSet({ rules, taught: tags }).version };
}

/** The same without a taught tag. */
export function withoutTaught({ rules, taught = [] }: RuleSet, name: string): RuleSet & { version: string } {
  const tags = without(taught, name);
  return { rules, taught: tags, version: formatRuleSet({ rules, taught: tags }).version };
}

/**
 * The tag that a stack was taught by that name, in any case.
 *
 * @throws {TagmillError} `not-found`, listing those that there are.
 */
export function findTaughtIn({ taught = [] }: RuleSet, name: string): StoredTag {
  const found = taught.find((each) => tagKey(each.name) === tagKey(name.trim()));
  if (found) return found;
  const known = taught.length === 0 ? 'It was taught none' : `There are: ${taught.map((tag) => tag.name).join(', ')}`;
  throw new TagmillError('not-found', `The stack was taught no tag "${name}". ${known}`);
}

function without(taught: readonly StoredTag[], name: string): StoredTag[] {
  return taught.filter((each) => tagKey(each.name) !== tagKey(name));
}
