import path from 'node:path';
import { TagmillError, type Variant } from '@tagmill/core';
import { Tagger } from '@tagmill/tagger';
import { type Catalogue, recordAccuracy } from '@tagmill/variants';
import Table from 'cli-table3';
import pMap from 'p-map';
import { type CatalogueOptions, openCatalogue, PROJECT_ROOT, type VariantChoice } from '../catalogues.ts';
import { type LabelledImage, readPackedValidation } from '../packed-data-set.ts';

export interface EvaluateOptions extends CatalogueOptions, VariantChoice {
  family: string;
  data?: string;
  limit?: number;
  save?: boolean;
  json?: boolean;
}

interface Evaluation {
  variant: string;
  /** Fractions. */
  top1: number;
  top5: number;
  images: number;
  /** Half of top-1's 95% confidence interval: normal approximation of the binomial. */
  top1Margin: number;
  measuredOn: string;
}

const DEFAULT_DATA = path.join(PROJECT_ROOT, '../shared/data/tiny-imagenet');

/** `tagmill models eval`: accuracy on labelled images, through the same decoding as `tagmill tag`. */
export async function evaluateModels(options: EvaluateOptions): Promise<void> {
  const catalogue = await openCatalogue(options);
  const variants = options.variant ? [catalogue.find(options.variant)] : catalogue.family(options.family);
  const directory = path.resolve(options.data ?? DEFAULT_DATA);
  const images = (await readPackedValidation(directory)).slice(0, options.limit);
  if (images.length === 0) throw new TagmillError('invalid-argument', `No images in ${directory}`);
  const measuredOn = `${path.basename(directory)} validation, ${images.length} images`;

  const evaluations: Evaluation[] = [];
  for (const variant of variants) {
    process.stderr.write(`${variant.variant} …\n`);
    const evaluation = { ...(await evaluate(catalogue, variant, images)), measuredOn };
    evaluations.push(evaluation);
    const { top1, top5 } = evaluation;
    if (options.save) await recordAccuracy(catalogue.directoryOf(variant), variant.variant, { top1, top5, measuredOn });
  }
  process.stdout.write(options.json ? `${JSON.stringify({ evaluations }, null, 2)}\n` : `${tableOf(evaluations)}\n`);
}

async function evaluate(catalogue: Catalogue, variant: Variant, images: readonly LabelledImage[]) {
  const tagger = new Tagger({ onnx: (each) => catalogue.onnx(each), labels: (each) => catalogue.labels(each) });
  const classes = (await catalogue.labels(variant)).length;
  const ranks = await pMap(
    images,
    async ({ bytes, label }) => {
      if (label >= classes) throw new TagmillError('invalid-argument', `${variant.variant} has no class ${label}`);
      const header = await tagger.inspect(bytes);
      const scores = await tagger.infer(await tagger.decode(bytes, header, variant), variant);
      return scores.filter((score) => score > scores[label]!).length;
    },
    { concurrency: 4 },
  );
  await tagger.close();
  const share = (within: number) => ranks.filter((rank) => rank < within).length / ranks.length;
  const top1 = share(1);
  const top1Margin = 1.96 * Math.sqrt((top1 * (1 - top1)) / ranks.length);
  return { variant: variant.variant, top1, top5: share(5), images: ranks.length, top1Margin };
}

function tableOf(evaluations: readonly Evaluation[]): string {
  const table = new Table({
    head: ['variant', 'top-1', '±', 'top-5', 'measured on'],
    style: { head: [], border: [], compact: true },
  });
  const percent = (value: number) => `${(value * 100).toFixed(1)}%`;
  for (const { variant, top1, top1Margin, top5, measuredOn } of evaluations) {
    table.push([variant, percent(top1), percent(top1Margin), percent(top5), measuredOn]);
  }
  return table.toString();
}
