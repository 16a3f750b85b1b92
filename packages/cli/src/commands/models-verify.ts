import { TagmillError } from '@tagmill/core';
import { type CatalogueOptions, openCatalogue } from '../catalogues.ts';

export interface VerifyOptions extends CatalogueOptions {
  json?: boolean;
}

/**
 * `tagmill models verify`: that each variant's file is the one described, builds a model, and has its labels.
 *
 * @throws {TagmillError} `checksum-mismatch` at the end if any is not.
 */
export async function verifyModels(options: VerifyOptions): Promise<void> {
  const catalogue = await openCatalogue(options);
  const results: { variant: string; ok: boolean; fault?: string }[] = [];
  for (const variant of catalogue.variants) {
    try {
      await catalogue.labels(variant);
      await catalogue.onnx(variant);
      results.push({ variant: variant.variant, ok: true });
    } catch (error) {
      if (!(error instanceof TagmillError)) throw error;
      results.push({ variant: variant.variant, ok: false, fault: error.message });
    }
  }
  const lines = results.map(({ variant, fault }) => (fault ? `FAULT ${variant}: ${fault}` : `ok    ${variant}`));
  process.stdout.write(options.json ? `${JSON.stringify({ variants: results }, null, 2)}\n` : `${lines.join('\n')}\n`);
  const faults = results.filter(({ ok }) => !ok).length;
  if (faults > 0) throw new TagmillError('checksum-mismatch', `${faults} of ${results.length} variants are not whole`);
}
