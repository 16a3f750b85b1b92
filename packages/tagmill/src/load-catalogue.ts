import path from 'node:path';
import { type Catalogue, loadCatalogue as loadFrom } from '@tagmill/variants/catalogue';
import { PROJECT_MODELS } from '../../cli/src/places.ts';

export interface LoadCatalogueOptions {
  /** More folders with a `catalogue.json`, such as the one that `tagmill models import` writes. */
  directories?: readonly string[];
}

/** Where each catalogue was read from, which latency profiles are read from too. */
const folders = new WeakMap<Catalogue, readonly string[]>();

/**
 * Reads the catalogue of the models inside this package, and of more folders if some are named.
 *
 * @throws {TagmillError} `invalid-catalogue` if one is malformed, or two of them describe the same variant.
 *
 * @example
 * const catalogue = await loadCatalogue();
 * catalogue.family('everyday').map(({ variant }) => variant); // ['everyday/0.75-160', …]
 */
export async function loadCatalogue({ directories = [] }: LoadCatalogueOptions = {}): Promise<Catalogue> {
  const all = [PROJECT_MODELS, ...directories.map((directory) => path.resolve(directory))];
  const catalogue = await loadFrom({ directories: all });
  folders.set(catalogue, all);
  return catalogue;
}

/** The folders that a catalogue was read from. */
export function foldersOf(catalogue: Catalogue): readonly string[] {
  return folders.get(catalogue) ?? [PROJECT_MODELS];
}
