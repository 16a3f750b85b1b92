import { type Label, TagmillError } from '@tagmill/core';
import { lintTaxonomy } from '@tagmill/variants';

/** Of what is wrong with a label set, so much is printed when it is imported. */
const MAX_FAULTS_PRINTED = 3;

/**
 * Reads class names: one class a line, synonyms after commas.
 *
 * @param file for messages.
 * @throws {TagmillError} `invalid-argument` if a class has no name, or there are not as many as classes.
 *
 * @example
 * parseLabels('background\ntench, Tinca tinca\n', { file: 'labels.txt', classes: 2 })[1]
 * // { index: 1, name: 'tench', synonyms: ['Tinca tinca'], parents: [] }
 */
export function parseLabels(text: string, { file, classes }: { file: string; classes: number }): Label[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines.length !== classes) {
    throw new TagmillError('invalid-argument', `${file} has ${lines.length} labels, the model ${classes} classes`);
  }
  return lines.map((line, index) => {
    const [name, ...synonyms] = line.split(',').map((word) => word.trim());
    if (!name) throw new TagmillError('invalid-argument', `${file}: line ${index + 1} is empty`);
    return { index, name, synonyms, parents: [] };
  });
}

/** What the linter says of a label set, in a few lines; empty if nothing. `tagmill models verify` has all of it. */
export function labelRemarks(labels: readonly Label[]): string {
  const faults = lintTaxonomy(labels);
  const more = faults.length - MAX_FAULTS_PRINTED;
  const lines = faults.slice(0, MAX_FAULTS_PRINTED).map(({ message }) => `Labels: ${message}\n`);
  return lines.join('') + (more > 0 ? `Labels: ${more} more such; tagmill models verify lists them\n` : '');
}
