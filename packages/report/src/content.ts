import type { Variant } from '@tagmill/core';
import type { Prices } from '@tagmill/costs';
import type { Figures } from './collect.ts';
import type { Receipt, VariantCosts } from './cost-receipt.ts';

export interface ReportContent {
  /** What the records are of. */
  title: string;
  at: Date;
  figures: Figures;
  catalogue: readonly Variant[];
  prices: Prices;
  receipt: Receipt | undefined;
  variantCosts: readonly VariantCosts[];
  /** The processor that `variantCosts` were profiled on. */
  processor: string;
}
