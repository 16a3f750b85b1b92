import type { Variant } from '@tagmill/core';
import Table from 'cli-table3';
import { type CatalogueOptions, openCatalogue } from '../models/catalogues.ts';

export interface ListOptions extends CatalogueOptions {
  json?: boolean;
}

/** `tagmill models ls`: every variant that there is, with what was measured of it. */
export async function listModels(options: ListOptions): Promise<void> {
  const { variants } = await openCatalogue(options);
  process.stdout.write(options.json ? `${JSON.stringify({ variants }, null, 2)}\n` : `${variantTable(variants)}\n`);
}

function variantTable(variants: readonly Variant[]): string {
  const table = new Table({
    head: ['variant', 'top-1', 'top-5', 'measured on', 'tags shown', 'mult-adds', 'parameters', 'file'],
    colAligns: ['left', 'right', 'right', 'left', 'left', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  const percent = (value: number | undefined) => (value === undefined ? '' : `${(value * 100).toFixed(1)}%`);
  for (const { variant, top1, top5, measuredOn, thresholds, multAdds, parameters, sizeBytes } of variants) {
    table.push([
      variant,
      percent(top1),
      percent(top5),
      measuredOn ?? 'not measured',
      thresholds === undefined ? 'from 10%' : 'by thresholds',
      `${(multAdds / 1e6).toFixed(1)} M`,
      `${(parameters / 1e6).toFixed(2)} M`,
      `${(sizeBytes / 1e6).toFixed(1)} MB`,
    ]);
  }
  return table.toString();
}
