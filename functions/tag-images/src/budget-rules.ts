import fs from 'node:fs';
import path from 'node:path';
import { TagmillError } from '@tagmill/core';
import type { BudgetRule } from '@tagmill/policy';
import * as v from 'valibot';
import { milliseconds, type Settings } from './settings.ts';

const schema = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(v.strictObject({ prefix: v.string(), latencyMs: milliseconds })),
);

/**
 * The stack's latency budgets by prefix, from a file in the function's bundle: an environment has room for a few dozen only.
 *
 * @throws {TagmillError} `invalid-settings` if the file isn't there or is malformed.
 */
export function readBudgetRules({
  LAMBDA_TASK_ROOT,
  BUDGET_RULES_FILE,
}: Pick<Settings, 'LAMBDA_TASK_ROOT' | 'BUDGET_RULES_FILE'>): BudgetRule[] {
  if (BUDGET_RULES_FILE === undefined) return [];
  const file = path.join(LAMBDA_TASK_ROOT, BUDGET_RULES_FILE);
  try {
    return v.parse(schema, fs.readFileSync(file, 'utf8'));
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new TagmillError('invalid-settings', `BUDGET_RULES_FILE: ${file}: ${detail}`, { cause });
  }
}
