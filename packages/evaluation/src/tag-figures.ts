import type { Thresholds } from '@tagmill/core';
import { averagePrecision } from './average-precision.ts';
import { listPrevalences, ShownGuesses, weighGuesses } from './choose-thresholds.ts';
import type { Judged } from './judged.ts';

/** One tag, as it is shown by default. */
export interface TagFigures {
  name: string;
  /** Photos that are known to have it, and known not to. */
  positives: number;
  negatives: number;
  averagePrecision: number;
  /** From so much on it is shown; null where it never is, absent where nobody has measured that. */
  shown?: number | null;
  sure?: number | null;
  /** The share of photos that the precision is stated for. */
  prevalence?: number;
  /** Precision: the share of right ones among the shown. Recall: the share of the tag's photos on which it is shown. */
  precision?: number;
  recall?: number;
}

/** Each label and broader tag that some photo has. */
export function tagFigures(
  judged: Judged,
  thresholds: Thresholds | undefined,
  stated: ReadonlyMap<string, number>,
): TagFigures[] {
  return judged.names.flatMap((name) => {
    const guesses = judged.guesses(name);
    const positives = guesses.filter(({ isRight }) => isRight).length;
    if (positives === 0) return [];
    const negatives = guesses.length - positives;
    const figures = { name, positives, negatives, averagePrecision: averagePrecision(guesses)! };
    const threshold = thresholds?.tags[name];
    if (!threshold) return [figures];
    const { shown } = threshold;
    if (shown === null || negatives === 0) return [{ ...figures, ...threshold }];
    const prevalences = listPrevalences(judged, name, stated);
    const said = guesses.filter(({ confidence }) => confidence >= shown);
    const right = said.filter(({ isRight }) => isRight).length;
    const weighed = new ShownGuesses(weighGuesses(guesses, prevalences));
    for (const each of said) weighed.add(each);
    const { precision } = weighed.precision();
    const found = { prevalence: prevalences[0]!, recall: right / positives, ...(said.length > 0 && { precision }) };
    return [{ ...figures, shown, sure: threshold.sure, ...found }];
  });
}
