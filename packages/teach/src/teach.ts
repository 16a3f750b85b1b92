import { TagmillError } from '@tagmill/core';
import { calibrate, confidenceOf, scoreAt } from './calibration.ts';
import { fitDiscriminant } from './discriminant.ts';
import { type Expectation, meanLogRank, mostPreciseThreshold, shareAbove, thresholdFor } from './expectation.ts';
import type { FitHead, Head } from './head.ts';
import { type Example, fitLeavingOut, fitTo, type LeftOutScores, type Material, scoreLeftOut } from './left-out.ts';
import { fitLogistic } from './logistic.ts';
import type { Expected, TaughtTag } from './schema.ts';
import { dot } from './vectors.ts';

export const DEFAULT_PREVALENCE = 0.01;
/** Fewer examples than this say little of the photos to come. */
export const ENOUGH_EXAMPLES = 10;
const LEAST_EXAMPLES = 2;

/** Of the tags that are shown by default, and of those that are sure. */
export const PRECISION = { shown: 0.9, sure: 0.95 } as const;
/** Where that is out of reach: the highest precision at this recall, if it is this high. */
const SECOND_BEST = { precision: 0.5, recall: 0.3 } as const;
/** No tag is shown that is more likely wrong than right. */
const LEAST_CONFIDENCE = 0.5;
/** A tag that would be found on fewer of its photos isn't worth having. */
const LEAST_RECALL = 0.05;
/** Two photos whose embeddings are closer than this are one. */
const SAME_PICTURE = 0.9995;

export type Method = TaughtTag['method'];

const METHODS: Readonly<Record<Method, FitHead>> = {
  'logistic-regression': fitLogistic,
  'discriminant-analysis': fitDiscriminant,
};

export interface TeachOptions extends Material {
  name: string;
  prevalence: number;
  /** What other variants of the space see of the examples, in their order, by the variant's name. */
  otherVariants?: ReadonlyMap<string, readonly Float32Array[]>;
  /** The variant that the examples were seen with. */
  variant: string;
}

/** A head, and what is expected of it with each variant of the space. */
export interface Taught {
  method: Method;
  head: Head;
  expected: Record<string, Expected>;
}

/**
 * Fits a head to examples, by logistic regression and by discriminant analysis, and takes the one by which left-out examples stand out
 * more. A threshold is chosen for each variant, so that 90% of the tags that are shown are expected to be right, or as
 * many as can be.
 *
 * @throws {TagmillError} `invalid-argument` if there are fewer than two different examples, `cannot-tell-apart` if half of them is
 * out of reach at the stated prevalence.
 */
export function teach({ name, prevalence, variant, otherVariants = new Map(), ...material }: TeachOptions): Taught {
  if (material.examples.length < LEAST_EXAMPLES) {
    const found = material.examples.length === 1 ? 'is one example' : 'are no examples';
    throw new TagmillError(
      'invalid-argument',
      `There ${found} of "${name}": give at least ${LEAST_EXAMPLES} different photos, better ${ENOUGH_EXAMPLES}`,
    );
  }
  const [best] = (Object.entries(METHODS) as [Method, FitHead][])
    .map(([method, fit]) => {
      const heads = fitLeavingOut(fit, material);
      return { method, fit, heads, scores: scoreLeftOut(heads, material) };
    })
    .sort((a, b) => meanLogRank(a.scores) - meanLogRank(b.scores));
  const { method, fit, heads, scores } = best!;
  const own = expect(scores, { prevalence });
  if (!own) throw cannotTell(name, scores, prevalence);
  const expected: Record<string, Expected> = { [variant]: own };
  for (const [other, centres] of otherVariants) {
    const examples = material.examples.map(({ averaged }, i) => ({ averaged, centre: centres[i]! }));
    const found = expect(scoreLeftOut(heads, { ...material, examples }), { prevalence });
    if (found) expected[other] = found;
  }
  return { method, head: fitTo(fit, material), expected };
}

/** Thresholds in confidences, and what they are expected to do; undefined if the precision is out of reach. */
function expect(scores: LeftOutScores, { prevalence }: { prevalence: number }): Expected | undefined {
  const calibration = calibrate(scores, { prevalence });
  // Where nothing of the background comes near the examples, the threshold lies halfway between them.
  const least = scoreAt(calibration, LEAST_CONFIDENCE);
  const wanted = thresholdFor(PRECISION.shown, scores, { prevalence, least });
  const isReached = wanted !== undefined && wanted.recall >= LEAST_RECALL;
  const shown = isReached ? wanted : mostPreciseThreshold(SECOND_BEST.recall, scores, { prevalence, least });
  if (!shown || shown.precision < SECOND_BEST.precision) return undefined;
  const sure = thresholdFor(PRECISION.sure, scores, { prevalence, least });
  const confidence = (score: number) => round(confidenceOf(calibration, score));
  return {
    ...calibration,
    shown: confidence(shown.score),
    sure: sure && sure.recall >= LEAST_RECALL ? confidence(sure.score) : null,
    precision: round(shown.precision),
    recall: round(shown.recall),
  };
}

/** Says why, in numbers that a person can picture. */
function cannotTell(name: string, { examples, background }: LeftOutScores, prevalence: number): TagmillError {
  const count = background.length;
  const median = examples.toSorted((a, b) => a - b)[Math.floor(examples.length / 2)]!;
  const wrong = Math.round(shareAbove(background.toSorted(), median) * count);
  const allowed = Math.floor((count * 0.5 * prevalence * (1 / SECOND_BEST.precision - 1)) / (1 - prevalence));
  return new TagmillError(
    'cannot-tell-apart',
    `"${name}" can't be told from other photos: a threshold that finds half of its photos tags ${wrong} of ${count} others as well, and for ` +
      `${SECOND_BEST.precision * 100}% precision at a prevalence of ${prevalence * 100}% it may be ${allowed}. Give more examples, alike in what they show, or a higher --prevalence`,
  );
}

/** Which examples are the same picture as an earlier one: a copy says nothing more. */
export function copiesAmong(examples: readonly Example[]): number[] {
  return examples.flatMap(({ averaged }, i) =>
    examples.slice(0, i).some((other) => dot(other.averaged, averaged) > SAME_PICTURE) ? [i] : [],
  );
}

export type { Expectation };

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
