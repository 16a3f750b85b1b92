import { isDeepStrictEqual } from 'node:util';
import { type Label, TagmillError, tagKey } from '@tagmill/core';
import { parseRuleSet, type RuleSet, StoredRulesInForce } from '@tagmill/pipeline';
import { nameLabels, type Rules } from '@tagmill/rules';
import { RulesStore, type TagStoreOptions } from '@tagmill/tag-store';
import type { StoredTag } from '@tagmill/teach/stored-tags';

/** What a change is made to, and makes. */
type Parts = Omit<RuleSet, 'version'>;

/** What a stack's images are named by now. */
export function readRuleSet(table: TagStoreOptions): Promise<RuleSet> {
  return new StoredRulesInForce({ store: new RulesStore(table) }).refresh();
}

/** The same with a taught tag, in place of one of its name. A tag that was taught just so keeps its time: nothing changes. */
export function withTaught({ rules, taught = [] }: Parts, tag: StoredTag): Parts {
  const before = taught.find(isCalled(tag.name));
  const isSame = before && isDeepStrictEqual({ ...before, taughtAt: tag.taughtAt }, tag);
  const others = taught.filter((each) => each !== before);
  const tags = [...others, isSame ? before : tag].sort((a, b) => (tagKey(a.name) < tagKey(b.name) ? -1 : 1));
  return { rules, taught: tags };
}

/** The same without a taught tag, if it is there. */
export function withoutTaught({ rules, taught = [] }: Parts, name: string): Parts {
  const isIt = isCalled(name);
  return { rules, taught: taught.filter((each) => !isIt(each)) };
}

/**
 * The tag that a stack was taught by that name, in any case.
 *
 * @throws {TagmillError} `not-found`, listing those that there are.
 */
export function findTaughtIn({ taught = [] }: Parts, name: string): StoredTag {
  const found = taught.find(isCalled(name));
  if (found) return found;
  const known = taught.length === 0 ? 'It was taught none' : `There are: ${taught.map((tag) => tag.name).join(', ')}`;
  throw new TagmillError('not-found', `The stack was taught no tag "${name}". ${known}`);
}

/** Every way in which a tag was ever taught, the oldest first. */
export interface TaughtVersions {
  versions: StoredTag[];
  /** Sets of which nobody knows what they say. */
  unreadableCount: number;
}

/** Looks through all that was ever in force for a tag of that name. */
export async function readTaughtVersions(store: Pick<RulesStore, 'versions'>, name: string): Promise<TaughtVersions> {
  const byTime = new Map<string, StoredTag>();
  let unreadableCount = 0;
  for await (const stored of store.versions()) {
    try {
      const tag = parseRuleSet(stored).taught?.find(isCalled(name));
      if (tag) byTime.set(tag.taughtAt, tag);
    } catch (error) {
      if (!(error instanceof TagmillError)) throw error;
      unreadableCount++;
    }
  }
  const versions = [...byTime.values()].sort((a, b) => (a.taughtAt < b.taughtAt ? -1 : 1));
  return { versions, unreadableCount };
}

/** Names that a taught tag can't have: of labels and what is above them, by the rules and without, with all synonyms. */
export function listTakenNames(labelSets: readonly (readonly Label[])[], rules: Rules): Set<string> {
  const labels = labelSets.flatMap((each) => [...each, ...nameLabels(each, rules).labels]);
  return new Set(labels.flatMap(({ name, synonyms, parents }) => [name, ...synonyms, ...parents]).map(tagKey));
}

function isCalled(name: string): (tag: StoredTag) => boolean {
  const key = tagKey(name.trim());
  return (tag) => tagKey(tag.name) === key;
}
