export const LONGEST_BUDGET_MS = 60_000;

export interface BudgetRule {
  /** Of keys. */
  prefix: string;
  latencyMs: number;
}

export interface BudgetPolicy {
  rules: readonly BudgetRule[];
  /** None if absent. */
  defaultMs?: number | undefined;
}

/** The object metadata `x-amz-meta-latency-budget-ms`, as the client gives it. */
export const BUDGET_METADATA = 'latency-budget-ms';

/**
 * An image's latency budget: its metadata's, else that of the longest prefix with a rule, else the default. Whoever uploads
 * isn't trusted: metadata is clamped to 1 to 60,000 ms, and what isn't a number is ignored.
 *
 * @returns milliseconds; undefined if it has none.
 *
 * @example
 * chooseLatencyBudgetMs({ key: 'live/a.jpg', metadata: {} }, { rules: [{ prefix: 'live/', latencyMs: 50 }], defaultMs: 500 }) // 50
 */
export function chooseLatencyBudgetMs(
  { key, metadata }: { key: string; metadata: Readonly<Record<string, string>> },
  { rules, defaultMs }: BudgetPolicy,
): number | undefined {
  const asked = metadata[BUDGET_METADATA]?.trim();
  if (asked && Number.isFinite(Number(asked))) return Math.min(Math.max(Number(asked), 1), LONGEST_BUDGET_MS);
  const [rule] = rules.filter(({ prefix }) => key.startsWith(prefix)).sort((a, b) => b.prefix.length - a.prefix.length);
  return rule?.latencyMs ?? defaultMs;
}
