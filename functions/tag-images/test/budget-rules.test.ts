import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readBudgetRules } from '../src/budget-rules.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'budget-rules-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const read = (content: string) => {
  fs.writeFileSync(path.join(folder, 'rules.json'), content);
  return readBudgetRules({ LAMBDA_TASK_ROOT: folder, BUDGET_RULES_FILE: 'rules.json' });
};

test('budget rules are read from the file in the bundle that the environment names', () => {
  const rules = [{ prefix: 'live/', latencyMs: 50 }];
  expect(read(JSON.stringify(rules))).toEqual(rules);
});

test('without a file there are no budget rules', () => {
  expect(readBudgetRules({ LAMBDA_TASK_ROOT: folder, BUDGET_RULES_FILE: undefined })).toEqual([]);
});

test.each(['live/=50', '[{"prefix":"live/"}]', '[{"prefix":"live/","latencyMs":50,"latency":1}]'])(
  'budget rules that are %s are refused',
  (content) => {
    expect(() => read(content)).toThrow(expect.objectContaining({ code: 'invalid-settings' }));
  },
);

test('a file of budget rules that isn’t there is named', () => {
  const missing = () => readBudgetRules({ LAMBDA_TASK_ROOT: folder, BUDGET_RULES_FILE: 'none.json' });
  expect(missing).toThrow(/BUDGET_RULES_FILE: .*none\.json/);
});
