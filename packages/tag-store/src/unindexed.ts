import { getItems, textOf } from './get-items.ts';
import type { ItemKey } from './keys.ts';
import { postingKey } from './postings.ts';
import type { ImageState, TagStoreOptions } from './types.ts';

type StoredPosting = ItemKey & { rev: number; dead?: true };

/**
 * Which images are not found as their records say: a posting is missing, or is an older write's, or an old one may be alive.
 * Only those that are `written` are looked at, half a read unit a posting.
 *
 * @throws {TagmillError} of DynamoDB.
 */
export async function findUnindexed(options: TagStoreOptions, states: readonly ImageState[]): Promise<Set<ImageState>> {
  const doubtful = states.filter(({ status }) => status === 'written');
  const keys = doubtful.flatMap(({ id, live }) => live.map((posting) => postingKey(id, posting)));
  const found = await getItems<StoredPosting>(options, keys, { attributes: ['pk', 'sk', 'rev', 'dead'] });
  const isFound = ({ id, live, revision }: ImageState) =>
    live.every((posting) => {
      const item = found.get(textOf(postingKey(id, posting)));
      return item !== undefined && !item.dead && item.rev >= revision;
    });
  return new Set(doubtful.filter((state) => state.stale.length > 0 || !isFound(state)));
}
