import { expect, test } from '@jest/globals';
import { parseStackOptions } from '@tagmill/cdk/options';
import { DEFAULT_LIMITS, DEFAULT_TAG_OPTIONS } from '@tagmill/tagger';

test('images are as large as the tagger takes them, unless it is told otherwise', () => {
  const { maxBytes, maxPixels, topN, minConfidence } = parseStackOptions({});
  expect({ maxBytes, maxPixels }).toEqual(DEFAULT_LIMITS);
  expect(DEFAULT_TAG_OPTIONS).toMatchObject({ topN, minConfidence });
});

test('leaves concurrency for the API, in a new account of ten', () => {
  const { maxConcurrency, backfillMaxConcurrency } = parseStackOptions({});
  expect(maxConcurrency + backfillMaxConcurrency).toBeLessThan(10);
});

test.each<[string, unknown, RegExp]>([
  ['an unknown option', { memory: 1 }, /unknown memory; there are: .*memoryMb/],
  ['a visibility below six timeouts', { timeoutSeconds: 10, visibilityTimeoutSeconds: 59 }, /six times timeoutSeconds/],
  ['one that a window makes too short', { batchWindowSeconds: 1, visibilityTimeoutSeconds: 360 }, /batchWindowSeconds/],
  ['a number in quotes', { memoryMb: '2048' }, /memoryMb: .*number/],
  ['a retention that CloudWatch has not', { logRetentionDays: 31 }, /logRetentionDays: .*1\|3\|5/],
  ['what is no name of a bucket', { existingBucketName: 'Family Photos' }, /existingBucketName/],
  ['a key without its bucket', { existingBucketKeyArn: 'arn:aws:kms:a:123456789012:key/b' }, /existingBucketName/],
  ['a budget rule without a budget', { budgetRules: [{ prefix: 'a/' }] }, /budgetRules\.0\.latencyMs/],
  ['a large batch without a window', { batchSize: 11 }, /batchWindowSeconds/],
  ['a concurrency that AWS refuses', { maxConcurrency: 1 }, /maxConcurrency/],
  ['no JSON', '{', /not JSON/],
])('refuses %s, by name', (_, options, message) => {
  expect(() => parseStackOptions(options)).toThrow(message);
});
