import type { Label, Thresholds } from '@tagmill/core';
import { NO_RULES } from '@tagmill/rules/name-labels';
import { DEFAULT_TAG_OPTIONS, scoresToBytes, Tagger } from '@tagmill/tagger';
import type { Catalogue } from '@tagmill/variants';
import { mean } from 'simple-statistics';
import { calibrationError } from './calibration-error.ts';
import { type FalseTags, falseTags } from './false-tags.ts';
import type { InferredPhotos } from './infer-photos.ts';
import { Judged } from './judged.ts';
import type { LabelledPhoto, LabelledPhotos } from './labelled-photos.ts';
import { judgeShown, type ShownTags } from './shown-tags.ts';
import { type TagFigures, tagFigures } from './tag-figures.ts';

/** Less sure guesses are nearly all no tags; with them, a network that says nothing would be well calibrated. */
const LEAST_CALIBRATED = 0.3;

/** Fractions all. */
export interface Accuracy {
  variant: string;
  /** Photos with a label whose surest label, or one of the five surest, is right, of the labels of which that is known. */
  top1: number;
  top5: number;
  images: number;
  /** Half of top-1's 95% confidence interval: normal approximation of the binomial. */
  top1Margin: number;
  /** Expected calibration error of the guesses of 30% and more, of labels and broader tags: see {@link calibrationError}. */
  calibrationError: number;
  /** Over the labels that some photo has. */
  meanAveragePrecision: number;
  /** As they are shown by default, and as `--min-confidence sure` shows them where that is measured. */
  shownTags: ShownTags;
  sureTags?: ShownTags;
  /** Means over the tags that are shown by default, where that is measured. */
  macro?: { precision: number; recall: number; tags: number };
  tags: TagFigures[];
  /** On photos that show none of the labels. */
  falseTags?: FalseTags;
}

export interface EvaluateVariantOptions {
  catalogue: Catalogue;
  labels: readonly Label[];
  data: LabelledPhotos;
  thresholds: Thresholds | undefined;
  /** Files of photos that show none of the labels. */
  without: readonly string[];
}

/** What a variant's scores of photos are worth. */
export async function evaluateVariant(
  { variant, scores }: InferredPhotos,
  { catalogue, labels, data: { photos, prevalences }, thresholds, without }: EvaluateVariantOptions,
): Promise<Accuracy> {
  const judged = new Judged(labels, { photos, scores, broader: thresholds?.broader ?? 'sum' });
  const tags = tagFigures(judged, thresholds, prevalences);
  const guesses = judged.names.flatMap((name) => judged.guesses(name));
  const ranks = photos.flatMap((photo, i) => rankLabels(photo, scores[i]!, labels));
  const share = (within: number) => ranks.filter((rank) => rank < within).length / ranks.length;
  const [top1, top5] = [share(1), share(5)];
  const isLabel = new Set(labels.filter(({ isBroader }) => !isBroader).map(({ name }) => name));
  const shown = tags.flatMap(({ precision, recall }) =>
    precision === undefined ? [] : [{ precision, recall: recall! }],
  );

  const tagger = new Tagger({
    onnx: (each) => catalogue.onnx(each),
    labels: async () => [...labels],
    thresholds: async () => thresholds,
  });
  const judgedTags = async (minConfidence: 'default' | 'sure') => {
    const about = { ...DEFAULT_TAG_OPTIONS, labelSet: variant.labels, variant: variant.variant, minConfidence };
    const named = scores.map((each) => tagger.rename({ ...about, bytes: scoresToBytes(each) }, NO_RULES));
    const found = (await Promise.all(named)).map((each) => each!.tags);
    return judgeShown(photos, found, isLabel);
  };
  const accuracy: Accuracy = {
    variant: variant.variant,
    top1,
    top5,
    images: photos.length,
    top1Margin: 1.96 * Math.sqrt((top1 * (1 - top1)) / ranks.length),
    calibrationError: calibrationError(guesses.filter(({ confidence }) => confidence >= LEAST_CALIBRATED)),
    meanAveragePrecision: mean(tags.filter(({ name }) => isLabel.has(name)).map((each) => each.averagePrecision)),
    shownTags: await judgedTags('default'),
    ...(thresholds && { sureTags: await judgedTags('sure') }),
    ...(shown.length > 0 && {
      macro: {
        precision: mean(shown.map(({ precision }) => precision)),
        recall: mean(shown.map(({ recall }) => recall)),
        tags: shown.length,
      },
    }),
    tags,
    ...(without.length > 0 && {
      falseTags: await falseTags(tagger, { variant, isMeasured: thresholds !== undefined }, without),
    }),
  };
  await tagger.close();
  return accuracy;
}

/** How many labels that aren't on a photo come before the first that is; none if no label is known to be. */
function rankLabels({ isOn }: LabelledPhoto, scores: Float32Array, labels: readonly Label[]): number[] {
  const truths = labels.map(({ name, isBroader }) => (isBroader ? undefined : isOn(name)));
  const best = Math.max(...scores.filter((_, i) => truths[i] === true));
  if (best === Number.NEGATIVE_INFINITY) return [];
  return [scores.filter((score, i) => truths[i] === false && score > best).length];
}
