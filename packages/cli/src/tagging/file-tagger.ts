import { type ImageRecord, type MinConfidence, TagmillError, type Variant } from '@tagmill/core';
import { type Isolation, Tagger, type Tagging } from '@tagmill/tagger';
import {
  type CatalogueOptions,
  chosenVariants,
  modelDirectories,
  openCatalogue,
  remarkUnmeasured,
  type VariantChoice,
} from '../models/catalogues.ts';
import { openTaught, readTaughtFor } from '../models/taught-tags.ts';

export interface FileTaggerOptions extends CatalogueOptions, VariantChoice {
  top: number;
  minConfidence: MinConfidence;
  /** Images in flight. */
  concurrency: number;
  /** Milliseconds an image may take, from reading it to its tags. */
  budget?: number;
  /** Parts of an image that are looked at. */
  crops: 1 | 5;
}

/** A tagging, and what became of the budget if there is one. */
export type BudgetedTagging = Tagging & Pick<ImageRecord, 'budget'>;

export interface FileTagger {
  /** The variant that tags all images; nothing, if a budget chooses it. */
  variant?: string;
  /** Images that may be in flight. */
  concurrency: number;
  limits: Tagger['limits'];
  /** @param startMs when work on the image began, by `performance.now()`. */
  tag: (bytes: Uint8Array, startMs: number, isolation?: Isolation) => Promise<BudgetedTagging>;
  close: () => Promise<void>;
}

/** Makes records of files. */
export interface Recorder {
  /** Files that may be asked for at once. */
  concurrency: number;
  /** One that can't be tagged has its reason in its record. */
  record: (file: string) => Promise<ImageRecord>;
  close: () => Promise<void>;
}

/** Without a budget the first variant, as many images at a time as asked for; with one, what fits it. */
export async function openFileTagger(options: FileTaggerOptions): Promise<FileTagger> {
  if (options.crops > 1 && options.budget !== undefined) {
    throw new TagmillError(
      'invalid-argument',
      'Give --crops or --budget, not both: how long five crops take is not measured',
    );
  }
  const catalogue = await openCatalogue(options);
  const variants = chosenVariants(catalogue, options);
  const used = (options.budget === undefined ? variants.slice(0, 1) : variants) as [Variant, ...Variant[]];
  remarkUnmeasured(used, options);
  const heads = await readTaughtFor(used, options);
  const taught = heads && (await openTaught(heads));
  const tagger = new Tagger({
    onnx: (each) => catalogue.onnx(each),
    labels: (each) => catalogue.labels(each),
    thresholds: (each) => catalogue.thresholds(each),
    topN: options.top,
    minConfidence: options.minConfidence,
    crops: options.crops,
    ...(taught && { taught }),
  });
  const common = { limits: tagger.limits, close: () => tagger.close() };
  const { budget: latencyMs } = options;
  if (latencyMs !== undefined) return { ...common, ...(await budgetTagger(tagger, variants, latencyMs, options)) };
  const [variant] = variants;
  await tagger.preload(variant!);
  const tag: FileTagger['tag'] = (bytes, _startMs, isolation) => tagger.tag(bytes, variant!, isolation);
  return { ...common, variant: variant!.variant, concurrency: options.concurrency, tag };
}

async function budgetTagger(
  tagger: Tagger,
  variants: readonly Variant[],
  latencyMs: number,
  options: FileTaggerOptions,
): Promise<Pick<FileTagger, 'tag' | 'concurrency'>> {
  // Only here: without a budget nothing of it is needed.
  const { BudgetTagger, LatencyTracker, loadLatencyModel, systemClock, describeMachine } = await import(
    '@tagmill/policy'
  );
  const model = await loadLatencyModel(modelDirectories(options), describeMachine());
  const chooser = new BudgetTagger({
    tagger,
    variants,
    tracker: new LatencyTracker(model, { now: () => performance.now() }),
    targetAgeMs: Number.POSITIVE_INFINITY,
    maxInFlight: options.concurrency,
    firstStoreMs: 0,
    clock: systemClock,
  });
  await chooser.preload();
  const inFlight = chooser.plan({ agesMs: [], latencyMs });
  const tag: FileTagger['tag'] = async (bytes, startMs, isolation) => {
    const spentMs = performance.now() - startMs;
    const { choice, ...tagging } = await chooser.tag(bytes, { latencyMs, spentMs, inFlight, ...isolation });
    return { ...tagging, budget: { latencyMs, met: performance.now() - startMs <= latencyMs, ...choice } };
  };
  return { tag, concurrency: inFlight };
}
