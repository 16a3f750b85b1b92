import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Label } from '@tagmill/core';
import { readJson } from './catalogue.ts';
import { type CatalogueEntry, type CatalogueFile, catalogueSchema } from './schema.ts';

export interface NewVariant extends Omit<CatalogueEntry, 'file' | 'sha256' | 'sizeBytes'> {
  model: Uint8Array;
  labelSet: readonly Label[];
}

/**
 * Adds a model to the catalogue in `directory`, which is made if need be, or replaces the one of the same name. Each file
 * is written beside its place and renamed into it, the catalogue last: whenever it is interrupted, the catalogue is whole.
 *
 * @returns the new entry.
 * @throws {TagmillError} `invalid-catalogue` if the folder's catalogue is malformed.
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
  const before = await readOwn(directory);
  const after: CatalogueFile = {
    schemaVersion: 1,
    labelSets: { ...before.labelSets, [card.labels]: labelsFile },
    variants: [...before.variants.filter(({ variant }) => variant !== card.variant), entry].sort((a, b) =>
      a.variant.localeCompare(b.variant, 'en'),
    ),
  };
  await replaceFile(path.join(directory, entry.file), model);
  await replaceFile(path.join(directory, labelsFile), JSON.stringify(labelSet));
  await replaceFile(path.join(directory, 'catalogue.json'), `${JSON.stringify(after, null, 2)}\n`);
  return entry;
}

async function readOwn(directory: string): Promise<CatalogueFile> {
  const file = path.join(directory, 'catalogue.json');
  const exists = await fs.access(file).then(
    () => true,
    () => false,
  );
  return exists ? readJson(file, catalogueSchema) : { schemaVersion: 1, labelSets: {}, variants: [] };
}

async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  await fs.writeFile(draft, content);
  await fs.rename(draft, file);
}
