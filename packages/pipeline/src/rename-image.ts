import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '@tagmill/policy';
import { type Rules, renameTag } from '@tagmill/rules';
import { type Corrections, type ImageState, removeCorrections } from '@tagmill/tag-store';
import type { NamedTags } from '@tagmill/tagger';
import type { ImageWriter } from './ports.ts';
import { nameTaught, type RuleSet } from './rule-set.ts';

/** Whether an image's tags were named by other rules than these. What was never looked at has none. */
export function isNamedByOthers({ scores, rules }: ImageState, { version }: RuleSet): boolean {
  return scores !== undefined && rules !== version;
}

/**
 * Writes what an image's tags are called by other rules, and which taught tags it has by them; what people said of it stays. Nothing is
 * read in S3: its record, its sequencer and its time stay what they are, but for the time if it gets its first tag or loses its last.
 * One write if nothing is called otherwise.
 *
 * @param options.named by the rules alone.
 * @throws {TagmillError} `conflict` if another worker came between.
 */
export async function renameImage(
  seen: ImageState,
  { named: own, by }: { named: NamedTags; by: RuleSet },
  { store, clock }: { store: ImageWriter; clock: Clock },
): Promise<void> {
  const { scores, fingerprint, lastModified } = seen;
  const at = clock.now();
  const named = nameTaught(own, { scores: scores!, fingerprint }, by);
  const record = removeCorrections(seen.record!, seen.own);
  const { corrections } = renameCorrections(by.rules, seen);
  const [now, before] = [named, record].map(({ tags, broader }) => [tags, broader]);
  const isSame = isDeepStrictEqual([now, corrections], [before, seen.corrections]);
  if (by.version !== undefined && isSame) {
    await store.confirm(seen, { rules: by.version, at });
    return;
  }
  const anew = { ...record, ...named };
  await store.write(seen, { record: anew, corrections, scores, fingerprint, rules: by.version, lastModified, at });
}

/**
 * People's corrections of an image. What they took away stays away whatever rules call it; what they gave keeps the name that
 * they gave it.
 */
export function renameCorrections(rules: Rules, { corrections }: ImageState): { corrections?: Corrections } {
  if (!corrections) return {};
  const removed = corrections.removed.map(({ name, label }) =>
    label === undefined ? { name } : { name: renameTag(label, rules), label },
  );
  return { corrections: { ...corrections, removed } };
}
