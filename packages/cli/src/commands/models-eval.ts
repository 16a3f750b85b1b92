import path from 'node:path';
import { TagmillError, type Variant } from '@tagmill/core';
import { Tagger } from '@tagmill/tagger';
import {
  type Catalogue,
  loadLatencyModel,
  PROMISED_SHARE,
  quantile,
  recordAccuracy,
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
import { calibrationError } from '../evaluation/calibration-error.ts';
import { plotAccuracy } from '../evaluation/plot-accuracy.ts';
import { type LabelledImage, readPackedImages } from '../packed-data-set.ts';

export interface EvaluateOptions extends CatalogueOptions, VariantChoice {
  family: string;
  data?: string;
  limit?: number;
  save?: boolean;
  json?: boolean;
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

  const model = await loadLatencyModel(modelDirectories(options), thisMachine());

  const evaluations: Evaluation[] = [];
  for (const variant of variants) {
    process.stderr.write(`${variant.variant} …\n`);
    const { ms, extrapolated } = model.predict(variant, PHOTO, 1);
    const latencyMs = { p50: quantile(ms, 0.5), p95: quantile(ms, PROMISED_SHARE), extrapolated };
    const evaluation = { ...(await evaluate(catalogue, variant, images)), latencyMs, measuredOn };
    evaluations.push(evaluation);
    const { top1, top5 } = evaluation;
    if (options.save) await recordAccuracy(catalogue.directoryOf(variant), variant.variant, { top1, top5, measuredOn });
  }
  if (options.plot) await plotAccuracy(options.plot, variants, evaluations);
  process.stdout.write(options.json ? `${JSON.stringify({ evaluations }, null, 2)}\n` : `${tableOf(evaluations)}\n`);
}

async function evaluate(catalogue: Catalogue, variant: Variant, images: readonly LabelledImage[]) {
  const tagger = new Tagger({ onnx: (each) => catalogue.onnx(each), labels: (each) => catalogue.labels(each) });
  const classes = (await catalogue.labels(variant)).length;
  const guesses = await pMap(
    images,
    async ({ bytes, label }) => {
      if (label >= classes) throw new TagmillError('invalid-argument', `${variant.variant} has no class ${label}`);
      const header = await tagger.inspect(bytes);
      const scores = await tagger.infer(await tagger.decode(bytes, header, variant), variant);
      const rank = scores.filter((score) => score > scores[label]!).length;
      return { rank, confidence: Math.max(...scores), isRight: rank === 0 };
    },
    { concurrency: 4 },
  );
  await tagger.close();
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
  };
}

function tableOf(evaluations: readonly Evaluation[]): string {
  const table = new Table({
    head: ['variant', 'top-1', '±', 'top-5', 'calibration error', 'p50, ms', 'p95, ms', 'measured on'],
    style: { head: [], border: [], compact: true },
  });
  const percent = (value: number) => `${(value * 100).toFixed(1)}%`;
  for (const { variant, top1, top1Margin, top5, calibrationError, latencyMs, measuredOn } of evaluations) {
    const times = [latencyMs.p50, latencyMs.p95].map((ms) => `${ms.toFixed(1)}${latencyMs.extrapolated ? '?' : ''}`);
    table.push([variant, ...[top1, top1Margin, top5, calibrationError].map(percent), ...times, measuredOn]);
  }
  return table.toString();
}
