import fs from 'node:fs/promises';
import path from 'node:path';
import { type Label, tagKey } from '@tagmill/core';
import { PROJECT_MODELS } from '../places.ts';
import { labelRemarks } from './label-file.ts';

/** Plain names, synonyms and broader tags of ImageNet's thousand classes, `background` first: scripts/write-imagenet-labels.ts. */
const FILE = path.join(PROJECT_MODELS, 'labels/imagenet.json');

/** A few of the publisher's words stand for two classes, and for neither in that file. */
const LEAST_SHARE = 0.95;

/**
 * The plain labels of ImageNet's classes, if a label file lists just those in their order. Says on standard error which labels are
 * used, and what is wrong with a file's own.
 *
 * @param labels as the file has them.
 * @returns the file's own labels if they are others.
 */
export async function plainLabels(labels: Label[]): Promise<Label[]> {
  const plain: Label[] = JSON.parse(await fs.readFile(FILE, 'utf8'));
  const same = labels.filter(({ name }, i) => {
    const { name: plainName = '', synonyms = [] } = plain[i] ?? {};
    return [plainName, ...synonyms].some((word) => tagKey(word) === tagKey(name));
  });
  if (labels.length === plain.length && same.length >= LEAST_SHARE * plain.length) {
    process.stderr.write("Labels: ImageNet's classes, by their plain names\n");
    return plain;
  }
  process.stderr.write(labelRemarks(labels));
  return labels;
}

/** Whether these are {@link plainLabels} of ImageNet's classes: each has its WordNet id. */
export function isImagenet([background, ...classes]: readonly Label[]): boolean {
  return (
    background?.name === 'background' && classes.length === 1000 && classes.every(({ wnid }) => wnid !== undefined)
  );
}
