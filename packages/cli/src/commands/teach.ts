import fs from 'node:fs/promises';
import os from 'node:os';
import { type Label, TagmillError, tagKey, type Variant } from '@tagmill/core';
import { expandImagePaths, withImage } from '@tagmill/image-files';
import { DEFAULT_LIMITS, SessionPool } from '@tagmill/tagger';
import {
  copiesAmong,
  type EmbeddingSpace,
  ENOUGH_EXAMPLES,
  type Example,
  type Expected,
  loadSpace,
  PRECISION,
  parseTagName,
  type SeenExample,
  taughtTag,
  teach as teachTag,
  viewExample,
  writeTaught,
} from '@tagmill/teach';
import type { StoredTag } from '@tagmill/teach/stored-tags';
import pMap from 'p-map';
import { type CatalogueOptions, chosenVariants, openCatalogue } from '../models/catalogues.ts';
import { spaceFile, taughtModels } from '../models/taught-tags.ts';

export interface TeachCommandOptions extends CatalogueOptions {
  /** Folder of photos that show it. */
  examples: string;
  /** Folders of photos that don't, though they look alike. */
  not: string[];
  variant?: string;
  prevalence: number;
}

/** `tagmill teach`: makes a tag of example photos and keeps it in the user's models folder. */
export async function teach(givenName: string, options: TeachCommandOptions): Promise<void> {
  const name = parseTagName(givenName);
  const models = taughtModels(options);
  const catalogue = await openCatalogue(options, { mayBeNew: true });
  const [variant] = chosenVariants(catalogue, options) as [Variant];
  assertNoLabel(name, await catalogue.labels(variant), variant);
  const files = { examples: await filesIn([options.examples]), not: await filesIn(options.not) };
  const space = await openSpace(variant);
  const others = catalogue.variants.filter((each) => each.variant !== variant.variant && space.holds(each));
  const sessions = new SessionPool({ onnx: (each) => catalogue.onnx(each) });
  const looking = { space, sessions, limits: DEFAULT_LIMITS };
  try {
    const given = await viewPhotos(files.examples, [variant, ...others], looking);
    const examples = withoutCopies(given.examples);
    const not = await viewPhotos(files.not, [variant], looking);
    warnOfFew(examples.length);
    const { prevalence } = options;
    const otherVariants = new Map(
      others.map((other) => [other.variant, examples.map(({ centres }) => centres.get(other.variant)!)]),
    );
    const taught = teachTag({
      name,
      prevalence,
      variant: variant.variant,
      otherVariants,
      examples,
      not: not.examples,
      background: space.background,
    });
    const skippedCount = given.skipped + not.skipped;
    const about = { name, variant, space, prevalence, examples, notCount: not.examples.length, skippedCount };
    const tag = taughtTag(taught, { ...about, taughtAt: new Date() });
    await writeTaught(models, tag);
    warnOfPrecision(tag.expected[variant.variant]!);
    process.stderr.write(`Kept in ${models}\n`);
    process.stdout.write(describeTaught({ ...tag, exampleCount: tag.examples.length }));
  } finally {
    await sessions.close();
  }
}

/** A taught tag as people are told of it, wherever it is kept. */
export type DescribedTag = Pick<
  StoredTag,
  'name' | 'variant' | 'method' | 'exampleCount' | 'notCount' | 'expected' | 'prevalence'
>;

/** Says so if there are too few to hope for much. */
export function warnOfFew(examples: number): void {
  if (examples < 2 || examples >= ENOUGH_EXAMPLES) return;
  process.stderr.write(
    `${examples} examples are few: from ${ENOUGH_EXAMPLES} on it finds more, and what is expected of it holds better\n`,
  );
}

/** Says so if fewer tags are expected to be right than should be. */
export function warnOfPrecision({ precision }: Expected): void {
  if (precision >= PRECISION.shown) return;
  process.stderr.write(
    `${PRECISION.shown * 100}% precision is out of reach with these examples: more of them, alike in what they show, or photos that look alike and don't show it may help\n`,
  );
}

/** What was taught, and what it is expected to do. */
export function describeTaught(tag: DescribedTag): string {
  const { name, variant, method, exampleCount, notCount, expected, prevalence } = tag;
  const without = Object.keys(expected).length;
  const not = notCount > 0 ? `, ${notCount} photos that don't show it` : '';
  return [
    `${name}: ${exampleCount} examples${not}, ${method.replace('-', ' ')}, ${variant}`,
    `  ${expectation(expected[variant]!, prevalence)}`,
    `  Given with ${without} variants of its space; left-out photos and the background were measured\n`,
  ].join('\n');
}

/** One sentence: precision and recall at a prevalence. */
export function expectation({ precision, recall }: Expected, prevalence: number): string {
  return `Where ${percent(prevalence)} of photos show it: ${percent(precision)} of these tags are expected to be right, and ${percent(recall)} of its photos to get it`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(share < 0.01 ? 2 : 0))}%`;
}

/** @throws {TagmillError} `invalid-argument` if a variant's labels already have the name. */
export function assertNoLabel(name: string, labels: readonly Label[], { family }: Variant): void {
  const key = tagKey(name);
  const names = labels.flatMap((label) => [label.name, ...label.synonyms, ...label.parents]);
  if (!names.some((each) => tagKey(each) === key)) return;
  throw new TagmillError('invalid-argument', `"${name}" is a tag of ${family} already: teach it by another name`);
}

/** @throws {TagmillError} `invalid-argument` if nothing ships to tell a family's examples from. */
export async function openSpace(variant: Variant): Promise<EmbeddingSpace> {
  const space = await loadSpace(variant.family, spaceFile(variant.family));
  if (!space) {
    throw new TagmillError(
      'invalid-argument',
      `${variant.variant} can't be taught: its family has no background of other photos to tell examples from. Use a variant of everyday`,
    );
  }
  if (!space.holds(variant)) {
    throw new TagmillError(
      'invalid-model',
      `${variant.variant} can't be taught: the embeddings of ${variant.family} don't hold it`,
    );
  }
  return space;
}

type Looking = Parameters<typeof viewExample>[2];

/** @throws {TagmillError} `invalid-argument` if a folder is none, or has no images. */
async function filesIn(folders: readonly string[]): Promise<string[]> {
  for (const folder of folders) {
    const stats = await fs.stat(folder).catch(() => undefined);
    if (!stats?.isDirectory())
      throw new TagmillError('invalid-argument', `${folder} is no folder: give one with photos`);
    const { files } = await expandImagePaths([folder]);
    if (files.length === 0) throw new TagmillError('invalid-argument', `No images in ${folder}`);
  }
  return folders.length > 0 ? (await expandImagePaths(folders)).files : [];
}

/** Looks at photos; one that can't be decoded is named and skipped. */
async function viewPhotos(
  files: readonly string[],
  variants: readonly [Variant, ...Variant[]],
  looking: Looking,
): Promise<{ examples: SeenExample[]; skipped: number }> {
  const found = await pMap(
    files,
    async (file) => {
      try {
        return await withImage(file, looking.limits, (bytes) => viewExample(bytes, variants, looking));
      } catch (error) {
        if (!(error instanceof TagmillError) || error.code === 'invalid-model' || error.code === 'inference-failed')
          throw error;
        process.stderr.write(`Skipped ${file}: ${error.message}\n`);
        return undefined;
      }
    },
    { concurrency: os.availableParallelism() },
  );
  const examples = found.filter((each) => each !== undefined);
  const skipped = files.length - examples.length;
  if (skipped > 0) process.stderr.write(`${skipped} of ${files.length} photos were skipped\n`);
  return { examples, skipped };
}

/** Examples without those that show the same picture as an earlier one; says how many those are. */
export function withoutCopies<Each extends Example>(examples: readonly Each[]): Each[] {
  const copies = new Set(copiesAmong(examples));
  if (copies.size > 0) {
    const number = `${copies.size} of ${examples.length} examples`;
    process.stderr.write(`${number} show the same picture as another: each picture counts once\n`);
  }
  return examples.filter((_, i) => !copies.has(i));
}
