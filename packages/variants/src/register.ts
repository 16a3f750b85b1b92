import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Label, TagmillError } from '@tagmill/core';
import { readJson } from './catalogue.ts';
import { replaceFile } from './replace-file.ts';
import { type CatalogueEntry, type CatalogueFile, catalogueSchema, labelsSchema } from './schema.ts';

export interface NewVariant extends Omit<CatalogueEntry, 'file' | 'sha256' | 'sizeBytes'> {
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
  const { labelSets, variants } = await readOwn(directory);
  const others = variants.some(({ variant, labels }) => labels === card.labels && variant !== card.variant);
  if (
    others &&
    !isDeepStrictEqual(await readJson(path.join(directory, labelSets[card.labels]!), labelsSchema), labelSet)
  ) {
    throw new TagmillError('invalid-argument', `Other variants have a different label set "${card.labels}"`);
  }
  await replaceFile(path.join(directory, entry.file), model);
  await replaceFile(path.join(directory, labelsFile), JSON.stringify(labelSet));
  await writeOwn(directory, {
    schemaVersion: 1,
    labelSets: { ...labelSets, [card.labels]: labelsFile },
    variants: [...variants.filter(({ variant }) => variant !== card.variant), entry],
  });
  return entry;
}

export interface Accuracy {
  /** Fractions, 0 to 1. */
  top1: number;
  top5: number;
  /** The data set, and how many of its images. */
  measuredOn: string;
}

/**
 * Writes a variant's measured accuracy into the catalogue in `directory`.
 *
 * @throws {TagmillError} `unknown-variant` if that catalogue doesn't hold it.
 */
export async function recordAccuracy(directory: string, name: string, accuracy: Accuracy): Promise<void> {
  const catalogue = await readOwn(directory);
  const entry = catalogue.variants.find(({ variant }) => variant === name);
  if (!entry) throw new TagmillError('unknown-variant', `${directory} holds no ${name}`);
  Object.assign(entry, accuracy);
  await writeOwn(directory, catalogue);
}

async function writeOwn(directory: string, catalogue: CatalogueFile): Promise<void> {
  const variants = catalogue.variants.toSorted((a, b) => a.variant.localeCompare(b.variant, 'en', { numeric: true }));
  await replaceFile(path.join(directory, 'catalogue.json'), `${JSON.stringify({ ...catalogue, variants }, null, 2)}\n`);
}

async function readOwn(directory: string): Promise<CatalogueFile> {
  const file = path.join(directory, 'catalogue.json');
  const exists = await fs.access(file).then(
    () => true,
    () => false,
  );
  return exists ? readJson(file, catalogueSchema) : { schemaVersion: 1, labelSets: {}, variants: [] };
}
