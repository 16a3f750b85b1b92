export { type Bill, type BillLine, bill } from './bill.ts';
export { dollarsFor, loadPrices, type PriceName, type Prices } from './prices.ts';
export {
  billedMs,
  CUSTOM_METRICS,
  type FunctionSize,
  type ImageWork,
  imageUsage,
  STAGES,
  type Stage,
  TYPICAL_STORAGE,
  type Usage,
  vcpus,
} from './usage.ts';
