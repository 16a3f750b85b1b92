import { dollarsFor, type PriceName, type Prices } from './prices.ts';
import { STAGES, type Stage, type Usage } from './usage.ts';

export interface BillLine extends Usage {
  what: string;
  dollars: number;
}

export interface Bill {
  lines: BillLine[];
  /** US dollars. */
  total: number;
  byStage: Record<Stage, number>;
}

/**
 * What a month's usage costs, as if there were no other and no free tier. A price with tiers is worked out for all stages
 * together, each bears its share.
 *
 * @param times that the usage happens: that of one image times a million is a million images' bill.
 */
export function bill(usage: readonly Usage[], prices: Prices, times = 1): Bill {
  const totals = new Map<PriceName, number>();
  for (const { price, quantity } of usage) totals.set(price, (totals.get(price) ?? 0) + quantity * times);
  const lines = usage.map(({ stage, price, quantity }) => {
    const total = totals.get(price)!;
    const dollars = total === 0 ? 0 : (dollarsFor(prices.prices[price], total) * quantity * times) / total;
    return { stage, price, what: prices.prices[price].what, quantity: quantity * times, dollars };
  });
  const byStage = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>;
  for (const { stage, dollars } of lines) byStage[stage] += dollars;
  return { lines, total: lines.reduce((sum, { dollars }) => sum + dollars, 0), byStage };
}
