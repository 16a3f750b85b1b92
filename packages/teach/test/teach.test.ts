import { describe, expect, test } from '@jest/globals';
import {
  copiesAmong,
  fitDiscriminant,
  fitLeavingOut,
  fitLogistic,
  meanLogRank,
  scoreLeftOut,
  scoreOf,
  teach,
  thresholdFor,
} from '../src/index.ts';
import { background, examples } from './made-space.ts';

const others = background(2000);
const about = { name: 'rex', variant: 'made/0.5-96', prevalence: 0.01, background: others, not: [] };

describe('teaching', () => {
  test.each([
    ['logistic regression', fitLogistic],
    ['discriminant analysis', fitDiscriminant],
  ])('by %s, photos that were left out stand out of the background', (_, fit) => {
    const material = { examples: examples(10, 0.5), not: [], background: others };
    const scores = scoreLeftOut(fitLeavingOut(fit, material), material);
    expect(meanLogRank(scores)).toBeLessThan(Math.log(0.005));
  });

  test('finds other photos of what it was taught, and few of anything else', () => {
    const { head, expected } = teach({ ...about, examples: examples(12, 0.4) });
    const { slope, offset, shown, precision, recall } = expected['made/0.5-96']!;
    const isShown = (embedding: Float32Array) =>
      1 / (1 + Math.exp(-(slope * scoreOf(head, embedding) + offset))) >= shown;
    const found = examples(200, 0.4, { seed: 9 }).filter(({ centre }) => isShown(centre)).length / 200;
    const wrong = background(5000, 8).filter(isShown).length / 5000;
    expect(precision).toBeGreaterThanOrEqual(0.9);
    expect(Math.abs(found - recall)).toBeLessThan(0.2);
    expect((0.01 * found) / (0.01 * found + 0.99 * wrong)).toBeGreaterThan(0.8);
  });

  test('shows fewer photos where a tag is rarer', () => {
    const material = { examples: examples(10, 0.5), not: [], background: others };
    const scores = scoreLeftOut(fitLeavingOut(fitDiscriminant, material), material);
    const score = (prevalence: number) => thresholdFor(0.9, scores, { prevalence })!.score;
    expect(score(0.02)).toBeGreaterThan(score(0.2));
  });

  test('tells what looks alike apart by photos that don’t show it', () => {
    const alike = examples(10, 0.4, { seed: 3, axis: 0 }).map(({ averaged, centre }) => ({
      averaged: averaged.map((each, i) => (i === 1 ? each - 0.5 : each)),
      centre: centre.map((each, i) => (i === 1 ? each - 0.5 : each)),
    }));
    const own = { ...about, examples: examples(10, 0.4) };
    const confidence = ({ head }: ReturnType<typeof teach>) =>
      alike.reduce((sum, { centre }) => sum + scoreOf(head, centre), 0) -
      own.examples.reduce((sum, { centre }) => sum + scoreOf(head, centre), 0);
    expect(confidence(teach({ ...own, not: alike }))).toBeLessThan(confidence(teach(own)));
  });

  test('is refused where examples have nothing in common, and says how many photos look more like them', () => {
    const nothing = background(10, 77).map((each) => ({ averaged: each, centre: each }));
    expect(() => teach({ ...about, examples: nothing })).toThrow(
      /"rex" can't be told from other photos: a threshold that finds half of its photos tags \d+ of 2000 others/,
    );
  });

  test('is refused with fewer than two examples', () => {
    expect(() => teach({ ...about, examples: [] })).toThrow('There are no examples of "rex"');
    expect(() => teach({ ...about, examples: examples(1, 0.1) })).toThrow('There is one example of "rex"');
  });

  test('takes two examples', () => {
    expect(teach({ ...about, examples: examples(2, 0.1) }).expected['made/0.5-96']!.recall).toBeGreaterThan(0);
  });

  test('chooses a threshold for each variant by what it sees', () => {
    const given = examples(10, 0.3);
    const blurred = examples(10, 0.9, { seed: 5 }).map(({ centre }) => centre);
    const { expected } = teach({ ...about, examples: given, otherVariants: new Map([['made/0.25-96', blurred]]) });
    expect(expected['made/0.25-96']?.recall ?? 0).toBeLessThan(expected['made/0.5-96']!.recall);
  });

  test('knows copies of a picture', () => {
    const [one, two] = examples(2, 0.5);
    expect(copiesAmong([one!, two!, one!, one!])).toEqual([2, 3]);
    expect(copiesAmong([one!, two!])).toEqual([]);
  });
});
