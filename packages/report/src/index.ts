export { collectFigures, type Figures, TIMED_STAGES } from './collect.ts';
export type { ReportContent } from './content.ts';
export { computeReceipt, computeVariantCosts, type Receipt, type VariantCosts } from './cost-receipt.ts';
export { renderReport } from './page.ts';
