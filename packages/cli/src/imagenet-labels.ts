import fs from 'node:fs/promises';
import path from 'node:path';
import { type Label, tagKey } from '@tagmill/core';
import { PROJECT_MODELS } from './catalogues.ts';

/** Plain names, synonyms and broader tags of ImageNet's thousand classes, `background` first: scripts/write-imagenet-labels.ts. */
const FILE = path.join(PROJECT_MODELS, 'labels/imagenet.json');

/** A few of the publisher's words stand for two classes, and for neither in that file. */
const LEAST_SHARE = 0.95;

/**
 * The plain labels of ImageNet's classes, if a label file lists just those in their order.
 *
 * @param labels as the file has them.
 * @returns the file's own labels if they are others.
 */
export async function plainLabels(labels: Label[]): Promise<Label[]> {
  const plain: Label[] = JSON.parse(await fs.readFile(FILE, 'utf8'));
  if (labels.length !== plain.length) return labels;
  const same = labels.filter(({ name }, i) => {
    const known = plain[i]!;
    return [known.name, ...known.synonyms].some((word) => tagKey(word) === tagKey(name));
  });
  return same.length >= LEAST_SHARE * plain.length ? plain : labels;
}
