import fs from 'node:fs';
import path from 'node:path';
import type { Variant } from '@tagmill/core';
import type { HeadsInSpace, TaughtHead } from '@tagmill/teach';
import { PROJECT_MODELS } from '../places.ts';
import { type CatalogueOptions, USER_MODELS } from './catalogues.ts';

/** The folder that taught tags are kept in. */
export function taughtModels({ models }: CatalogueOptions): string {
  return models ?? USER_MODELS;
}

/** The file of a family's embeddings. */
export function spaceFile(family: string): string {
  return path.join(PROJECT_MODELS, `embeddings/${family}.safetensors`);
}

/** The taught tags that some variants can give, and where their space is. */
export interface TaughtOfFamily {
  family: string;
  heads: TaughtHead[];
}

const remarked = new Set<string>();

/**
 * Reads the taught tags that variants of one family can give. Says once which of them need their examples again.
 *
 * @returns undefined if there are none.
 * @throws {TagmillError} `invalid-catalogue` naming a taught tag's file that can't be read.
 */
export async function readTaughtFor(
  variants: readonly [Variant, ...Variant[]],
  options: CatalogueOptions,
): Promise<TaughtOfFamily | undefined> {
  const models = taughtModels(options);
  // Where nobody has taught anything, nothing of it is loaded.
  if (!fs.existsSync(path.join(models, 'taught'))) return undefined;
  const { loadSpace, readTaught, tagsFor } = await import('@tagmill/teach');
  const tags = await readTaught(models);
  if (tags.length === 0) return undefined;
  const [{ family }] = variants;
  const space = await loadSpace(family, spaceFile(family));
  const { usable, leftOut } = tagsFor(tags, { space, variants });
  for (const { name, why } of leftOut) {
    if (remarked.has(name)) continue;
    remarked.add(name);
    process.stderr.write(`"${name}" is left out: ${why}\n`);
  }
  if (usable.length === 0) return undefined;
  return { family, heads: usable.map(({ name, head, expected }) => ({ name, head, expected })) };
}

/** Makes of them what the tagger asks. */
export async function openTaught({ family, heads }: TaughtOfFamily): Promise<HeadsInSpace | undefined> {
  const { HeadsInSpace, loadSpace } = await import('@tagmill/teach');
  const space = await loadSpace(family, spaceFile(family));
  return space && new HeadsInSpace(space, heads);
}
