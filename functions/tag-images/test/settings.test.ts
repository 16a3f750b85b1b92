import { describe, expect, test } from '@jest/globals';
import { parseSettings } from '@tagmill/core';
import { settingsSchema } from '../src/settings.ts';
import { ENVIRONMENT } from './environment.ts';

describe('the environment', () => {
  test('is read into numbers', () => {
    expect(parseSettings(settingsSchema, ENVIRONMENT)).toMatchObject({
      TABLE_NAME: 'tags',
      LATENCY_BUDGET_MS: 500,
      MIN_CONFIDENCE: 0.1,
    });
  });

  test.each(Object.keys(ENVIRONMENT))('must have %s', (name) => {
    for (const value of [undefined, '']) {
      expect(() => parseSettings(settingsSchema, { ...ENVIRONMENT, [name]: value })).toThrow(name);
    }
  });

  test.each([
    ['LATENCY_BUDGET_MS', '0'],
    ['LATENCY_BUDGET_MS', 'nothing'],
    ['LATENCY_BUDGET_MS', '60001'],
    ['TOP_N', 'five'],
    ['MIN_CONFIDENCE', '1.1'],
    ['QUEUE_URL', 'images'],
  ])('is refused where %s is %s', (name, value) => {
    expect(() => parseSettings(settingsSchema, { ...ENVIRONMENT, [name]: value })).toThrow(name);
  });
});
