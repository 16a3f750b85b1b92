import path from 'node:path';
import { TagmillError, type Variant } from '@tagmill/core';
import { asKept, Tagger } from '@tagmill/tagger';
import {
  type Catalogue,
  loadLatencyModel,
  PROMISED_SHARE,
  quantile,
  recordMeasurement,
  type Source,
  thisMachine,
} from '@tagmill/variants';
import Table from 'cli-table3';
import pMap from 'p-map';
import {
  type CatalogueOptions,
  modelDirectories,
  openCatalogue,
  PROJECT_ROOT,
  type VariantChoice,
} from '../catalogues.ts';
import { meanAveragePrecision } from '../evaluation/average-precision.ts';
import { calibrationError } from '../evaluation/calibration-error.ts';
import { type FalseTags, falseTags, filesWithoutLabels } from '../evaluation/false-tags.ts';
import { plotAccuracy } from '../evaluation/plot-accuracy.ts';
import { type SureTags, tagsFrom } from '../evaluation/sure-tags.ts';
import { type LabelledImage, readPackedImages } from '../packed-data-set.ts';

export interface EvaluateOptions extends CatalogueOptions, VariantChoice {
  family: string;
  data?: string;
  limit?: number;
  save?: boolean;
  json?: boolean;
  /** A folder of photos that show none of the labels. */
  noneOfThem?: string;
  /** Draws accuracy against latency there: FILE.svg and FILE.png. */
  plot?: string;
}

interface Evaluation {
  variant: string;
  /** Fractions. */
  top1: number;
  top5: number;
  images: number;
  /** Half of top-1's 95% confidence interval: normal approximation of the binomial. */
  top1Margin: number;
  /** Expected calibration error of the best guess, a fraction: see {@link calibrationError}. */
  calibrationError: number;
  /** A fraction: see {@link meanAveragePrecision}. */
  meanAveragePrecision: number;
  /** What is left of its tags from its own threshold on, where it has one. */
  sureTags?: SureTags;
  /** On photos that show none of the labels. */
  falseTags?: FalseTags;
  /** Decoding and inference of a photo, alone, by this machine's latency profile, in milliseconds. */
  latencyMs: { p50: number; p95: number; extrapolated: boolean };
  measuredOn: string;
}

/** The photo that latencies are stated for. */
const PHOTO: Source = { format: 'jpeg', progressive: false, width: 500, height: 375 };

const DEFAULT_DATA = path.join(PROJECT_ROOT, '../shared/data/tiny-imagenet');

/** `tagmill models eval`: accuracy on labelled images, through the same decoding as `tagmill tag`. */
export async function evaluateModels(options: EvaluateOptions): Promise<void> {
  const catalogue = await openCatalogue(options);
  const variants = options.variant ? [catalogue.find(options.variant)] : catalogue.family(options.family);
  const directory = path.resolve(options.data ?? DEFAULT_DATA);
  const images = (await readPackedImages(directory, 'validation')).slice(0, options.limit);
  if (images.length === 0) throw new TagmillError('invalid-argument', `No images in ${directory}`);
  const measuredOn = `${path.basename(directory)} validation, ${images.length} images`;

  const without = options.noneOfThem === undefined ? [] : await filesWithoutLabels(options.noneOfThem);
  const model = await loadLatencyModel(modelDirectories(options), thisMachine());

  const evaluations: Evaluation[] = [];
  for (const variant of variants) {
    process.stderr.write(`${variant.variant} …\n`);
    const { ms, extrapolated } = model.predict(variant, PHOTO, 1);
    const latencyMs = { p50: quantile(ms, 0.5), p95: quantile(ms, PROMISED_SHARE), extrapolated };
    const evaluation = { ...(await evaluate(catalogue, variant, images, without)), latencyMs, measuredOn };
    evaluations.push(evaluation);
    const { top1, top5 } = evaluation;
    if (options.save)
      await recordMeasurement(catalogue.directoryOf(variant), variant.variant, { top1, top5, measuredOn });
  }
  if (options.plot) {
    const p95 = new Map(evaluations.map(({ variant, latencyMs }) => [variant, latencyMs.p95]));
    await plotAccuracy({
      file: options.plot,
      title: 'Accuracy against latency, and the frontier',
      variants,
      measured: evaluations,
      cost: { title: 'decoding and inference, 95th percentile, ms', of: ({ variant }) => p95.get(variant)! },
    });
  }
  process.stdout.write(options.json ? `${JSON.stringify({ evaluations }, null, 2)}\n` : `${tableOf(evaluations)}\n`);
}

async function evaluate(
  catalogue: Catalogue,
  variant: Variant,
  images: readonly LabelledImage[],
  without: readonly string[],
) {
  const classes = (await catalogue.labels(variant)).length;
  const tagger = new Tagger({
    onnx: (each) => catalogue.onnx(each),
    labels: (each) => catalogue.labels(each),
    topN: classes,
  });
  const guesses = await pMap(
    images,
    async ({ bytes, label }) => {
      if (label >= classes) throw new TagmillError('invalid-argument', `${variant.variant} has no class ${label}`);
      const header = await tagger.inspect(bytes);
      const scores = await tagger.infer(await tagger.decode(bytes, header, variant), variant);
      const rank = scores.filter((score) => score > scores[label]!).length;
      return { scores, label, rank, confidence: Math.max(...scores), isRight: rank === 0 };
    },
    { concurrency: 4 },
  );
  const wrong = without.length > 0 ? { falseTags: await falseTags(tagger, variant, without) } : {};
  await tagger.close();
  const kept = guesses.map(({ scores, label }) => ({ scores: asKept(scores), label }));
  const share = (within: number) => guesses.filter(({ rank }) => rank < within).length / guesses.length;
  const top1 = share(1);
  const top1Margin = 1.96 * Math.sqrt((top1 * (1 - top1)) / guesses.length);
  return {
    variant: variant.variant,
    top1,
    top5: share(5),
    images: guesses.length,
    top1Margin,
    calibrationError: calibrationError(guesses),
    meanAveragePrecision: meanAveragePrecision(guesses),
    ...(variant.sureFrom !== undefined && { sureTags: tagsFrom(kept, variant.sureFrom) }),
    ...wrong,
  };
}

function tableOf(evaluations: readonly Evaluation[]): string {
  const hasFalseTags = evaluations.some(({ falseTags }) => falseTags);
  const table = new Table({
    head: [
      ...['variant', 'top-1', '±', 'top-5', 'mean average precision', 'calibration error'],
      ...['sure tags right', 'images with any'],
      ...(hasFalseTags ? ['false tags a photo', 'photos with any', 'with a sure one'] : []),
      ...['p50, ms', 'p95, ms', 'measured on'],
    ],
    style: { head: [], border: [], compact: true },
  });
  const percent = (value: number) => `${(value * 100).toFixed(1)}%`;
  const optionalPercent = (value?: number) => (value === undefined ? '' : percent(value));
  for (const { variant, falseTags, sureTags, latencyMs, measuredOn, ...figures } of evaluations) {
    const { top1, top1Margin, top5, meanAveragePrecision, calibrationError } = figures;
    const shares = [top1, top1Margin, top5, meanAveragePrecision, calibrationError].map(percent);
    const sure = sureTags ? [sureTags.precision, sureTags.coverage].map(optionalPercent) : ['', ''];
    const wrong = falseTags
      ? [falseTags.perImage.toFixed(2), percent(falseTags.share), optionalPercent(falseTags.sureShare)]
      : [];
    const times = [latencyMs.p50, latencyMs.p95].map((ms) => `${ms.toFixed(1)}${latencyMs.extrapolated ? '?' : ''}`);
    table.push([variant, ...shares, ...sure, ...wrong, ...times, measuredOn]);
  }
  return table.toString();
}
