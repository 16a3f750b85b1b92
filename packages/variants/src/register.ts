import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Label, TagmillError } from '@tagmill/core';
import { lock } from 'proper-lockfile';
import { readJson } from './catalogue.ts';
import { compareVariantNames } from './name.ts';
import { replaceFile } from './replace-file.ts';
import {
  type CatalogueEntry,
  type CatalogueFile,
  catalogueSchema,
  labelsSchema,
  type ThresholdsFile,
} from './schema.ts';

export interface NewVariant extends Omit<CatalogueEntry, 'file' | 'sha256' | 'sizeBytes' | 'thresholds'> {
  model: Uint8Array;
  labelSet: readonly Label[];
}

/**
 * Adds a model to the catalogue in `directory`, which is made if need be, or replaces the one of the same name. Each file
 * is written beside its place and renamed into it, the catalogue last: whenever it is interrupted, the catalogue is whole.
 *
 * @returns the new entry.
 * @throws {TagmillError} `invalid-catalogue` if the folder's catalogue is malformed; `invalid-argument` if the label set's name
 * stands for other labels there, which other variants use.
 */
export async function registerVariant(
  directory: string,
  { model, labelSet, ...card }: NewVariant,
): Promise<CatalogueEntry> {
  const entry: CatalogueEntry = {
    ...card,
    file: `onnx/${card.variant.replace('/', '-')}.onnx`,
    sha256: createHash('sha256').update(model).digest('hex'),
    sizeBytes: model.byteLength,
  };
  const labelsFile = `labels/${card.labels}.json`;
  await changeOwn(directory, async ({ labelSets, variants }) => {
    const others = variants.some(({ variant, labels }) => labels === card.labels && variant !== card.variant);
    if (
      others &&
      !isDeepStrictEqual(await readJson(path.join(directory, labelSets[card.labels]!), labelsSchema), labelSet)
    ) {
      throw new TagmillError('invalid-argument', `Other variants have a different label set "${card.labels}"`);
    }
    await replaceFile(path.join(directory, entry.file), model);
    await replaceFile(path.join(directory, labelsFile), JSON.stringify(labelSet));
    return {
      schemaVersion: 1,
      labelSets: { ...labelSets, [card.labels]: labelsFile },
      variants: [...variants.filter(({ variant }) => variant !== card.variant), entry],
    };
  });
  return entry;
}

/** What is measured of a variant once it is there. */
export type Measurement = Partial<Pick<CatalogueEntry, 'top1' | 'top5' | 'measuredOn'>>;

/**
 * Writes what was measured of a variant into the catalogue in `directory`; undefined takes a figure out.
 *
 * @throws {TagmillError} `unknown-variant` if that catalogue doesn't hold it.
 */
export async function recordMeasurement(directory: string, name: string, measurement: Measurement): Promise<void> {
  await changeOwn(directory, async (catalogue) => {
    const entry = catalogue.variants.find(({ variant }) => variant === name);
    if (!entry) throw new TagmillError('unknown-variant', `${directory} holds no ${name}`);
    Object.assign(entry, measurement);
    return catalogue;
  });
}

/**
 * Writes a variant's thresholds into the catalogue in `directory`, a line a tag.
 *
 * @throws {TagmillError} `unknown-variant` if that catalogue doesn't hold it.
 */
export async function recordThresholds(
  directory: string,
  name: string,
  { tags, ...about }: Omit<ThresholdsFile, 'schemaVersion'>,
): Promise<void> {
  const file = `thresholds/${name.replace('/', '-')}.json`;
  const lines = Object.entries(tags).map(
    ([tag, threshold]) => `    ${JSON.stringify(tag)}: ${JSON.stringify(threshold)}`,
  );
  const head = Object.entries({ schemaVersion: 1, ...about }).map(
    ([key, value]) => `  "${key}": ${JSON.stringify(value)},\n`,
  );
  await changeOwn(directory, async (catalogue) => {
    const entry = catalogue.variants.find(({ variant }) => variant === name);
    if (!entry) throw new TagmillError('unknown-variant', `${directory} holds no ${name}`);
    await replaceFile(path.join(directory, file), `{\n${head.join('')}  "tags": {\n${lines.join(',\n')}\n  }\n}\n`);
    entry.thresholds = file;
    return catalogue;
  });
}

/** Whoever changes the same catalogue at the same time waits: of two who read it first, the later would undo the other's. */
async function changeOwn(
  directory: string,
  change: (catalogue: CatalogueFile) => Promise<CatalogueFile>,
): Promise<void> {
  await fs.mkdir(directory, { recursive: true });
  const release = await lock(directory, { retries: { forever: true, minTimeout: 50, maxTimeout: 500 } });
  try {
    const catalogue = await change(await readOwn(directory));
    const variants = catalogue.variants.toSorted((a, b) => compareVariantNames(a.variant, b.variant));
    const text = `${JSON.stringify({ ...catalogue, variants }, null, 2)}\n`;
    await replaceFile(path.join(directory, 'catalogue.json'), text);
  } finally {
    await release();
  }
}

async function readOwn(directory: string): Promise<CatalogueFile> {
  const file = path.join(directory, 'catalogue.json');
  const exists = await fs.access(file).then(
    () => true,
    () => false,
  );
  return exists ? readJson(file, catalogueSchema) : { schemaVersion: 1, labelSets: {}, variants: [] };
}
