import { describe, expect, test } from '@jest/globals';
import { readSafetensors, writeSafetensors } from '../src/index.ts';

const tensors = new Map([
  ['a', { shape: [2, 2], data: Float32Array.of(1, -2.5, 0.1, 65504) }],
  ['b', { shape: [3], data: Float32Array.of(1e-9, 7, 1e9) }],
]);

describe('a safetensors file', () => {
  test('gives back what was written, float16 to its precision', () => {
    const read = readSafetensors(writeSafetensors(tensors, (name) => (name === 'a' ? 'F16' : 'F32')));
    expect(read.get('b')).toEqual(tensors.get('b'));
    expect(read.get('a')!.data).toEqual(Float32Array.of(1, -2.5, 0.0999755859375, 65504));
    expect(read.get('a')!.shape).toEqual([2, 2]);
  });

  test('takes two bytes a float16 and four a float32', () => {
    const size = (type: 'F16' | 'F32') => writeSafetensors(tensors, () => type).length;
    expect(size('F32') - size('F16')).toBe(2 * 7);
  });

  test('that is cut off anywhere is refused, and nothing else is thrown', () => {
    const whole = writeSafetensors(tensors, () => 'F32');
    for (let length = 0; length < whole.length; length++) {
      expect(() => readSafetensors(whole.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'invalid-model' }),
      );
    }
  });
});
