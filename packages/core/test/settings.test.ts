import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { isRejection, parseSettings, TagmillError } from '../src/index.ts';

const schema = z.object({ TABLE_NAME: z.string(), BUDGET_MS: z.coerce.number().positive().optional() });

describe('parseSettings', () => {
  test('returns the parsed values and leaves the rest of the environment out', () => {
    expect(parseSettings(schema, { TABLE_NAME: 'tags', BUDGET_MS: '40', HOME: '/' })).toEqual({
      TABLE_NAME: 'tags',
      BUDGET_MS: 40,
    });
  });

  test.each([
    ['unset', {}],
    ['empty', { TABLE_NAME: '' }],
  ])('names a required variable that is %s', (_, environment) => {
    expect(() => parseSettings(schema, environment)).toThrow(/TABLE_NAME/);
  });

  test('names a malformed variable', () => {
    const parse = () => parseSettings(schema, { TABLE_NAME: 'tags', BUDGET_MS: 'fast' });
    expect(parse).toThrow(TagmillError);
    expect(parse).toThrow(/BUDGET_MS/);
  });

  test('counts an empty optional variable as unset', () => {
    expect(parseSettings(schema, { TABLE_NAME: 'tags', BUDGET_MS: '' })).toEqual({ TABLE_NAME: 'tags' });
  });
});

test('a rejection is an error that names a property of the object itself', () => {
  expect(isRejection(new TagmillError('corrupt', 'truncated'))).toBe(true);
  expect(isRejection(new TagmillError('timeout', 'slow'))).toBe(false);
  expect(isRejection(new Error('corrupt'))).toBe(false);
});
