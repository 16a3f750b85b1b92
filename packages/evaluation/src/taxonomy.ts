import { type Label, TagmillError, tagKey } from '@tagmill/core';
import { aboveBroader } from '@tagmill/rules/name-labels';

/** What is known of a photo, by names of labels and broader tags. */
export interface Said {
  yes: readonly string[];
  /** `rest`: whatever isn't in `yes`, nor `unknown`. */
  no: readonly string[] | 'rest';
  unknown?: readonly string[] | undefined;
}

/** A label set as what is said of photos needs it. */
export class Taxonomy {
  readonly labels: readonly Label[];
  /** Labels, then those broader tags that are no labels. */
  readonly names: readonly string[];
  readonly #above: ReadonlyMap<string, readonly string[]>;
  readonly #below = new Map<string, string[]>();
  readonly #words = new Map<string, string>();

  constructor(labels: readonly Label[]) {
    this.labels = labels;
    const broader = aboveBroader(labels);
    this.#above = new Map([...broader, ...labels.map(({ name, parents }) => [name, parents] as const)]);
    this.names = [...new Set([...labels.map(({ name }) => name), ...broader.keys()])];
    for (const { name, parents } of labels) {
      for (const parent of parents) this.#below.set(parent, [...(this.#below.get(parent) ?? []), name]);
    }
    const words = labels.flatMap(({ name, synonyms, wnid }) =>
      [...synonyms, ...(wnid ? [wnid] : [])].map((word) => [word, name]),
    );
    for (const [word, name] of [...words, ...this.names.map((name) => [name, name])]) {
      this.#words.set(tagKey(word!), name!);
    }
  }

  /** The label or broader tag of that name, synonym or WordNet id. */
  find(word: string): string | undefined {
    return this.#words.get(tagKey(word));
  }

  /** @throws {TagmillError} `invalid-argument` if no label or broader tag has that name. */
  assertKnown(name: string, place: string): void {
    if (this.#above.has(name)) return;
    throw new TagmillError('invalid-argument', `${place}: no label or broader tag is called "${name}"`);
  }

  /**
   * Completes a person's word. All tags above a tag of the photo are on it. No tag below an absent one is. A broader tag is absent if all
   * tags below it are.
   *
   * @returns whether a label or broader tag is on the photo; undefined where that isn't known.
   */
  truths({ yes, no, unknown = [] }: Said): (name: string) => boolean | undefined {
    const present = new Set(yes.flatMap((name) => [name, ...this.#above.get(name)!]));
    // Of a photo with a dog, nobody said of which breed.
    const open = new Set([...unknown, ...[...yes, ...unknown].flatMap((name) => this.#below.get(name) ?? [])]);
    if (no === 'rest') {
      return (name) => (present.has(name) ? true : open.has(name) || this.#isAbove(name, open) ? undefined : false);
    }
    const absent = new Set(no.flatMap((name) => [name, ...(this.#below.get(name) ?? [])]));
    for (const [name, below] of this.#below) {
      const isLabel = this.labels.some((label) => label.name === name && !label.isBroader);
      if (!isLabel && below.every((each) => absent.has(each))) absent.add(name);
    }
    return (name) => (present.has(name) ? true : absent.has(name) ? false : undefined);
  }

  #isAbove(name: string, labels: ReadonlySet<string>): boolean {
    return this.#below.get(name)?.some((each) => labels.has(each)) ?? false;
  }
}
