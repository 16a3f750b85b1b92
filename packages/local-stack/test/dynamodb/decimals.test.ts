import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addNumbers,
  canonicalNumber,
  compareNumbers,
  encodeNumber,
  measureNumber,
} from '../../src/dynamodb/decimals.ts';

describe('a number', () => {
  test.each([
    ['1', '1'],
    ['10', '10'],
    ['-0', '0'],
    ['+007.500', '7.5'],
    ['.5', '0.5'],
    ['1e3', '1000'],
    ['-1.25E-3', '-0.00125'],
    ['100000000000000000000000000000000000000000', '100000000000000000000000000000000000000000'],
    ['0.00000000000000000000000000000000000001', '0.00000000000000000000000000000000000001'],
    ['1e125', `1${'0'.repeat(125)}`],
    ['1e-130', `0.${'0'.repeat(129)}1`],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
  ])('%s is given back as %s', (given, canonical) => {
    expect(canonicalNumber(given)).toBe(canonical);
  });

  test.each([
    ['', /cannot be converted/],
    ['1.2.3', /cannot be converted/],
    ['NaN', /cannot be converted/],
    ['0x10', /cannot be converted/],
    [' 1', /cannot be converted/],
    ['123456789012345678901234567890123456789', /more than 38 significant digits/],
    ['1e126', /overflow/],
    ['1e-131', /underflow/],
  ])('%j is refused', (given, message) => {
    expect(() => canonicalNumber(given)).toThrow(message);
  });

  test('is added exactly, where floating point is not', () => {
    expect(addNumbers('0.1', '0.2')).toBe('0.3');
    expect(addNumbers('9007199254740993', '1')).toBe('9007199254740994');
    expect(addNumbers('5', '5', -1)).toBe('0');
    expect(() => addNumbers('1e38', '1e-38')).toThrow(/38 significant/);
  });

  test('has bytes in the order of the numbers', () => {
    const number = fc
      .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.integer({ min: -20, max: 20 }))
      .map(([coefficient, exponent]) => ({ coefficient, exponent, text: `${coefficient}e${exponent}` }));
    fc.assert(
      fc.property(number, number, (a, b) => {
        const scale = (each: typeof a) => each.coefficient * 10n ** BigInt(each.exponent + 20);
        const difference = scale(a) - scale(b);
        const order = difference < 0n ? -1 : difference > 0n ? 1 : 0;
        expect(Math.sign(compareNumbers(a.text, b.text))).toBe(order);
        expect(encodeNumber(a.text).equals(encodeNumber(canonicalNumber(a.text)))).toBe(true);
      }),
    );
  });

  test('is as large as half its digits, and one', () => {
    expect(['0', '5', '12', '123', '-1.5', '1000'].map(measureNumber)).toEqual([1, 2, 2, 3, 3, 2]);
  });
});
