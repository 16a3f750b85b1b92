import path from 'node:path';
import { type BroaderRule, type Label, TagmillError, type Thresholds } from '@tagmill/core';
import {
  type Accuracy,
  chooseBroaderRule,
  chooseThresholds,
  evaluateVariant,
  filesWithoutLabels,
  type InferredPhotos,
  inferPhotos,
  Judged,
  type LabelledPhotos,
  plotAccuracy,
  readLabelledPhotos,
} from '@tagmill/evaluation';
import { describeMachine, loadLatencyModel, PROMISED_SHARE, quantile, type Source } from '@tagmill/policy';
import { recordMeasurement, recordThresholds, type ThresholdsFile } from '@tagmill/variants';
import Table from 'cli-table3';
import { type CatalogueOptions, modelDirectories, openCatalogue, type VariantChoice } from '../models/catalogues.ts';

export interface EvaluateOptions extends CatalogueOptions, VariantChoice {
  family: string;
  data: string;
  limit?: number;
  save?: boolean;
  saveThresholds?: boolean;
  /** Tags of too few photos get thresholds together. */
  pool?: boolean;
  shownPrecision: number;
  broaderPrecision?: number;
  surePrecision: number;
  /** How what is below a broader tag makes its confidence. Without it, whichever ranks photos best. */
  broaderRule?: BroaderRule;
  json?: boolean;
  /** A folder of other people's labelled photos, where thresholds have to keep what they promise. */
  strangers?: string;
  /** A folder of photos that show none of the labels. */
  noneOfThem?: string;
  /** Draws accuracy against latency there: FILE.svg and FILE.png. */
  plot?: string;
}

interface Evaluation extends Accuracy {
  /** Decoding and inference of a photo, alone, by this machine's latency profile, in milliseconds. */
  latencyMs: { p50: number; p95: number; extrapolated: boolean };
  measuredOn: string;
}

/** The photo that latencies are stated for. */
const PHOTO: Source = { format: 'jpeg', progressive: false, width: 500, height: 375 };

/** `tagmill models eval`: accuracy on labelled photos, through the same decoding as `tagmill tag`. */
export async function evaluateModels(options: EvaluateOptions): Promise<void> {
  const catalogue = await openCatalogue(options);
  const variants = options.variant ? [catalogue.find(options.variant)] : catalogue.family(options.family);
  const labels = await catalogue.labels(variants[0]!);
  const directory = path.resolve(options.data);
  const data = await readLabelledPhotos(directory, labels);
  data.photos = data.photos.slice(0, options.limit);
  if (data.photos.length === 0) throw new TagmillError('invalid-argument', `No images in ${directory}`);
  const measuredOn = `${path.basename(directory)}, ${data.photos.length} images`;
  const { photos: strangers } =
    options.saveThresholds && options.strangers !== undefined
      ? await readLabelledPhotos(path.resolve(options.strangers), labels)
      : { photos: [] };
  const without = options.noneOfThem === undefined ? [] : await filesWithoutLabels(options.noneOfThem);
  const model = await loadLatencyModel(modelDirectories(options), describeMachine());

  const evaluations: Evaluation[] = [];
  const photos = [...data.photos, ...strangers];
  for await (const { variant, scores } of inferPhotos({ catalogue, variants, labels }, photos)) {
    const inferred = { variant, scores: scores.slice(0, data.photos.length) };
    const elsewhere = { photos: strangers, scores: scores.slice(data.photos.length) };
    const own = catalogue.directoryOf(variant);
    let thresholds: Thresholds | undefined = await catalogue.thresholds(variant.variant);
    if (options.saveThresholds) {
      const judgedOn = strangers.length === 0 ? measuredOn : `${measuredOn}, and ${strangers.length} of other people`;
      const chosen = {
        measuredOn: judgedOn,
        ...thresholdsBy({ ...data, scores: inferred.scores }, elsewhere, labels, options),
      };
      await recordThresholds(own, variant.variant, chosen);
      thresholds = chosen;
      const all = Object.values(chosen.tags);
      const [shown, sure] = (['shown', 'sure'] as const).map(
        (kind) => all.filter((each) => each[kind] !== null).length,
      );
      process.stderr.write(
        `${variant.variant}: of ${all.length} tags ${shown} are shown by default, ${sure} can be sure\n`,
      );
    }
    const accuracy = await evaluateVariant(inferred, { catalogue, labels, data, thresholds, without });
    const { top1, top5 } = accuracy;
    if (options.save) await recordMeasurement(own, variant.variant, { top1, top5, measuredOn });
    const { ms, extrapolated } = model.predict(variant, PHOTO, 1);
    const latencyMs = { p50: quantile(ms, 0.5), p95: quantile(ms, PROMISED_SHARE), extrapolated };
    evaluations.push({ ...accuracy, latencyMs, measuredOn });
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
  process.stdout.write(
    options.json ? `${JSON.stringify({ evaluations }, null, 2)}\n` : `${formatTable(evaluations)}\n`,
  );
}

/** Photos, and what a variant said of them. */
type Scored = Pick<LabelledPhotos, 'photos'> & Pick<InferredPhotos, 'scores'>;

function thresholdsBy(
  { prevalences, ...development }: Scored & Pick<LabelledPhotos, 'prevalences'>,
  elsewhere: Scored,
  labels: readonly Label[],
  { pool = false, shownPrecision: shown, broaderPrecision = shown, surePrecision: sure, broaderRule }: EvaluateOptions,
): Pick<ThresholdsFile, 'broader' | 'tags'> {
  const judgedBy = (rule: Thresholds['broader'], scored: Scored = development) =>
    new Judged(labels, { ...scored, broader: rule });
  const broader = broaderRule ?? chooseBroaderRule(judgedBy, [...new Set(labels.flatMap(({ parents }) => parents))]);
  const tags = chooseThresholds(judgedBy(broader), labels, {
    prevalences,
    pool,
    precisions: { shown, broader: broaderPrecision, sure },
    ...(elsewhere.photos.length > 0 && { elsewhere: judgedBy(broader, elsewhere) }),
  });
  return { broader, tags };
}

function formatTable(evaluations: readonly Evaluation[]): string {
  const hasFalseTags = evaluations.some(({ falseTags }) => falseTags);
  const table = new Table({
    head: [
      ...['variant', 'top-1', '±', 'top-5', 'mean average precision', 'calibration error'],
      ...['shown tags right', 'images with a right one', 'sure tags right', 'images with any'],
      ...(hasFalseTags ? ['false tags a photo', 'photos with any', 'with a sure one'] : []),
      ...['p50, ms', 'p95, ms', 'measured on'],
    ],
    style: { head: [], border: [], compact: true },
  });
  const percent = (value?: number) => (value === undefined ? '' : `${(value * 100).toFixed(1)}%`);
  for (const { variant, falseTags, shownTags, sureTags, latencyMs, measuredOn, ...figures } of evaluations) {
    const { top1, top1Margin, top5, meanAveragePrecision, calibrationError } = figures;
    const shares = [
      ...[top1, top1Margin, top5, meanAveragePrecision, calibrationError],
      ...[shownTags.precision, shownTags.rightCoverage, sureTags?.precision, sureTags?.coverage],
    ].map(percent);
    const wrong = falseTags
      ? [falseTags.perImage.toFixed(2), percent(falseTags.share), percent(falseTags.sureShare)]
      : [];
    const times = [latencyMs.p50, latencyMs.p95].map((ms) => `${ms.toFixed(1)}${latencyMs.extrapolated ? '?' : ''}`);
    table.push([variant, ...shares, ...wrong, ...times, measuredOn]);
  }
  return table.toString();
}
