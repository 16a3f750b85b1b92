import type { Item } from './pipeline-stack.ts';

/** What the table says of each image, without what differs from run to run: times, durations, revisions, tombstones. */
export function tableShape(items: readonly Item[]): { records: Map<string, object>; postings: string[] } {
  const records = new Map<string, object>();
  const ids = new Map<string, string>();
  for (const { pk, record } of items) {
    if (!record || !('bucket' in record.image)) continue;
    const { outcome, reason, tags, broader, model } = record;
    const { sha256, etag } = record.image;
    records.set(record.image.key, { outcome, reason, tags, broader, variant: model?.variant, sha256, etag });
    ids.set(pk.slice('I#'.length), record.image.key);
  }
  const postings = items
    .filter(({ pk, dead }) => pk.startsWith('T#') && !dead)
    .map(({ pk, sk }) => {
      const [rank, id] = sk.split(/#(.*)/s) as [string, string];
      return `${ids.get(id) ?? `an image without record: ${id}`} ${pk} ${rank}`;
    });
  return { records, postings: postings.sort() };
}
