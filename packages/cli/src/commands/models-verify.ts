import { TagmillError } from '@tagmill/core';
import { lintTaxonomy, type TaxonomyFault } from '@tagmill/variants';
import { type CatalogueOptions, openCatalogue } from '../models/catalogues.ts';

export interface VerifyOptions extends CatalogueOptions {
  json?: boolean;
}

/**
 * `tagmill models verify`: that each variant's file is the one described, builds a model, and has its labels. What the linter
 * says of the labels is printed too, and is no fault of a variant.
 *
 * @throws {TagmillError} `checksum-mismatch` at the end if any is not.
 */
export async function verifyModels(options: VerifyOptions): Promise<void> {
  const catalogue = await openCatalogue(options);
  const labelSets = new Map<string, TaxonomyFault[]>();
  const results: { variant: string; ok: boolean; fault?: string }[] = [];
  for (const variant of catalogue.variants) {
    try {
      labelSets.set(variant.labels, lintTaxonomy(await catalogue.labels(variant)));
      await catalogue.onnx(variant);
      results.push({ variant: variant.variant, ok: true });
    } catch (error) {
      if (!(error instanceof TagmillError)) throw error;
      results.push({ variant: variant.variant, ok: false, fault: error.message });
    }
  }
  const lines = [
    ...results.map(({ variant, fault }) => (fault ? `FAULT ${variant}: ${fault}` : `ok    ${variant}`)),
    ...[...labelSets].flatMap(([name, faults]) => faults.map(({ message }) => `note  labels "${name}": ${message}`)),
  ];
  const report = { variants: results, labelSets: Array.from(labelSets, ([name, faults]) => ({ name, faults })) };
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : `${lines.join('\n')}\n`);
  const faults = results.filter(({ ok }) => !ok).length;
  if (faults > 0) throw new TagmillError('checksum-mismatch', `${faults} of ${results.length} variants are not whole`);
}
