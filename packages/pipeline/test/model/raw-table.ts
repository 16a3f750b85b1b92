/**
 * Reads a table by what docs/decisions/08-table.md says, and shares no code with the store but to unpack what is packed: a fault there
 * can't hide itself here.
 */

/** As DynamoDB has it. */
type Item = Record<string, any> & { pk: string; sk: string };

export interface RawImage {
  item: Item;
  /** What it is found by: `rank#tag`, alive only. */
  alive: string[];
}

export class RawTable {
  readonly images = new Map<string, RawImage>();
  /** Postings of no image. */
  readonly orphans: string[] = [];
  readonly listedTags: ReadonlySet<string>;
  /** `above#below`. */
  readonly listedBelow: ReadonlySet<string>;
  /** Version of the rules in force. */
  readonly rules: string | undefined;

  constructor(items: readonly Record<string, unknown>[]) {
    const all = items as readonly Item[];
    for (const item of all) {
      if (item.pk.startsWith('I#')) this.images.set(item.pk.slice('I#'.length), { item, alive: [] });
    }
    for (const { pk, sk, dead } of all) {
      if (!pk.startsWith('T#') || dead) continue;
      const tag = pk.slice('T#'.length);
      const [rank, id] = [sk.slice(0, sk.indexOf('#')), sk.slice(sk.indexOf('#') + 1)];
      const image = this.images.get(id);
      if (image) image.alive.push(`${rank}#${tag}`);
      else this.orphans.push(`${pk} ${sk}`);
    }
    this.listedTags = new Set(all.filter(({ pk }) => pk === 'V').map(({ sk }) => sk));
    this.listedBelow = new Set(all.filter(({ pk }) => pk === 'B').map(({ sk }) => sk));
    this.rules = all.find(({ pk, sk }) => pk === 'K' && sk === 'rules')?.version;
  }

  image(key: string): RawImage | undefined {
    return [...this.images.values()].find(({ item }) => item.record?.image.key === key);
  }

  /** Whether who asks for a name is shown the image: it has a posting of that, or of one that is listed below it. */
  isFound({ alive }: RawImage, name: string): boolean {
    const tags = alive.map((posting) => posting.slice(posting.indexOf('#') + 1));
    return tags.some((tag) => tag === name || this.listedBelow.has(`${name}#${tag}`));
  }

  /** What must never be, whoever is at work, a line each. */
  faults(before: RawTable | undefined): string[] {
    const faults = this.orphans.map((posting) => `${posting}: of no image`);
    for (const [id, { item, alive }] of this.images) {
      const tags = (postings: readonly string[] = []) => postings.map((posting) => posting.toLowerCase()).sort();
      if (item.state === 'indexed' && String(alive.toSorted()) !== String(tags(item.live))) {
        faults.push(`${id}: found by ${alive}, shown as ${tags(item.live)}`);
      }
      const known = new Set([...tags(item.live), ...tags(item.stale)]);
      if (!alive.every((posting) => known.has(posting))) {
        faults.push(`${id}: found by ${alive}, of which its item knows ${[...known]} only`);
      }
      if ((item.record === undefined) !== (item.outcomePk === undefined)) {
        faults.push(`${id}: is listed among the outcomes, and has no record, or the other way round`);
      }
      for (const posting of alive) {
        if (!this.listedTags.has(posting.slice(posting.indexOf('#') + 1)))
          faults.push(`${posting}: its tag isn't listed`);
      }
      const old = before?.images.get(id)?.item;
      if (old && old.rev > item.rev) faults.push(`${id}: back from revision ${old.rev} to ${item.rev}`);
      if (old?.lastModified && item.lastModified && old.lastModified > item.lastModified) {
        faults.push(`${id}: back from the object of ${old.lastModified} to that of ${item.lastModified}`);
      }
    }
    for (const id of before?.images.keys() ?? []) if (!this.images.has(id)) faults.push(`${id}: forgotten`);
    return faults;
  }
}
