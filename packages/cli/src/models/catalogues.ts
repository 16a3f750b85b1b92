import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type MinConfidence, TagmillError, type Variant } from '@tagmill/core';
import { type Catalogue, loadCatalogue } from '@tagmill/variants/catalogue';
import { xdgData } from 'xdg-basedir';
import { PROJECT_MODELS } from '../places.ts';

/** The families that those belong to. */
export const PROJECT_FAMILIES: readonly string[] = ['everyday'];

/** Where a user's own models are kept unless `--models DIR` says otherwise. */
export const USER_MODELS = path.join(xdgData ?? path.join(os.homedir(), '.local/share'), 'tagmill/models');

export interface CatalogueOptions {
  /** The user catalogue's folder. */
  models?: string;
}

/**
 * The project's catalogue and the user's. A folder that was named must have one, or taught tags, unless it may be new.
 *
 * @throws {TagmillError} `invalid-catalogue` if it has neither.
 */
export async function openCatalogue({ models }: CatalogueOptions, { mayBeNew = false } = {}): Promise<Catalogue> {
  const user = models ?? USER_MODELS;
  const hasUser = fs.existsSync(path.join(user, 'catalogue.json'));
  if (models && !hasUser && !mayBeNew && !fs.existsSync(path.join(models, 'taught'))) {
    throw new TagmillError('invalid-catalogue', `No catalogue.json in ${models}, and no taught tags`);
  }
  return loadCatalogue({ directories: hasUser ? [PROJECT_MODELS, user] : [PROJECT_MODELS] });
}

export interface VariantChoice {
  variant?: string;
  family?: string;
}

/** The variant that was named, or else the family's, most accurate first. */
export function chosenVariants(catalogue: Catalogue, { variant, family }: VariantChoice): Variant[] {
  if (variant && family) throw new TagmillError('invalid-argument', 'Give --variant or --family, not both');
  return variant ? [catalogue.find(variant)] : catalogue.family(family ?? 'everyday');
}

const remarked = new Set<string>();

/** Says once, to a person at a terminal, where tags are shown by default though nobody has measured which are worth it. */
export function remarkUnmeasured(
  variants: readonly Variant[],
  { minConfidence }: { minConfidence: MinConfidence },
): void {
  const [first] = variants.filter(({ thresholds }) => thresholds === undefined);
  if (!process.stderr.isTTY || minConfidence !== 'default' || !first || remarked.has(first.variant)) return;
  remarked.add(first.variant);
  process.stderr.write(
    `Nobody has measured when ${first.variant} is right: tags of 10% and more are shown. \`tagmill models eval --save-thresholds\` measures it\n`,
  );
}

/** The folders that profiles and catalogues are read from. */
export function modelDirectories({ models }: CatalogueOptions): string[] {
  return [PROJECT_MODELS, models ?? USER_MODELS];
}
