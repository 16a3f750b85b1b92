export { collectFigures, type Figures, TIMED_STAGES } from './collect.ts';
export type { ReportContent } from './content.ts';
export { costReceipt, type Receipt, type VariantCosts, variantCosts } from './cost-receipt.ts';
export { reportPage } from './page.ts';
