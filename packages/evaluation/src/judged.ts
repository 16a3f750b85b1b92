import type { BroaderRule, Label } from '@tagmill/core';
import { aboveBroader } from '@tagmill/rules/name-labels';
import { combineConfidences } from '@tagmill/tagger';
import type { LabelledPhoto } from './labelled-photos.ts';
import { Taxonomy } from './taxonomy.ts';

/** A confidence, and whether what it was about is on the photo. */
export interface Guess {
  confidence: number;
  isRight: boolean;
  /** Which of the tag's broader tags is on the photo, counted from the nearest; their number if none is. */
  kinship: number;
}

/** What a variant said of photos, beside what is on them. */
export class Judged {
  /** Labels, then those broader tags that are no labels. */
  readonly names: readonly string[];
  /** Above each name, nearest first. */
  readonly above: ReadonlyMap<string, readonly string[]>;
  readonly #photos: readonly LabelledPhoto[];
  readonly #confidences: readonly ReadonlyMap<string, number>[];
  readonly #truths = new Map<string, readonly (boolean | undefined)[]>();

  /** @param scores one a label, photo after photo, as they are kept. */
  constructor(
    labels: readonly Label[],
    {
      photos,
      scores,
      broader,
    }: { photos: readonly LabelledPhoto[]; scores: readonly Float32Array[]; broader: BroaderRule },
  ) {
    this.names = new Taxonomy(labels).names;
    this.#photos = photos;
    const combining = { rule: broader, above: aboveBroader(labels) };
    this.above = new Map([...combining.above, ...labels.map(({ name, parents }) => [name, parents] as const)]);
    this.#confidences = scores.map((each) => combineConfidences(each, labels, combining));
  }

  /** Of a label or broader tag, on the photos where it is known whether it is on them. */
  guesses(name: string): Guess[] {
    const own = this.#truthsOf(name);
    const above = this.above.get(name)!.map((each) => this.#truthsOf(each));
    return this.#photos.flatMap((_, i) => {
      const isRight = own[i];
      if (isRight === undefined) return [];
      const nearest = above.findIndex((truths) => truths[i]);
      const kinship = nearest < 0 ? above.length : nearest;
      return [{ confidence: this.#confidences[i]!.get(name)!, isRight, kinship }];
    });
  }

  /** Of the photos where that is known, the share that has a label or broader tag; 0 of none. */
  share(name: string): number {
    const known = this.#truthsOf(name).filter((isRight) => isRight !== undefined);
    return known.length === 0 ? 0 : known.filter(Boolean).length / known.length;
  }

  /** Photo after photo. Kept: a broader tag is asked for by each label below it. */
  #truthsOf(name: string): readonly (boolean | undefined)[] {
    const known = this.#truths.get(name) ?? this.#photos.map(({ isOn }) => isOn(name));
    this.#truths.set(name, known);
    return known;
  }
}
