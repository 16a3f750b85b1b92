import { describe, expect, test } from '@jest/globals';
import { readSafetensors, writeSafetensors } from '../src/index.ts';

const tensors = new Map([
  ['a', { shape: [2, 2], data: Float32Array.of(1, -2.5, 0.1, 65504) }],
  ['b', { shape: [3], data: Float32Array.of(1e-9, 7, 1e9) }],
]);

describe('a safetensors file', () => {
  test('gives back what was written, float16 to its precision', () => {
    const read = readSafetensors(writeSafetensors(tensors, (name) => (name === 'a' ? 'F16' : 'F32')));
    expect(read.get('b')).toMatchObject(tensors.get('b')!);
    expect(read.get('a')!.data).toEqual(Float32Array.of(1, -2.5, 0.0999755859375, 65504));
    expect(read.get('a')!.shape).toEqual([2, 2]);
  });

  test('takes two bytes a float16 and four a float32', () => {
    const size = (type: 'F16' | 'F32') => writeSafetensors(tensors, () => type).length;
    expect(size('F32') - size('F16')).toBe(2 * 7);
  });

  test('gives the elements as they are stored beside the widened ones', () => {
    const read = readSafetensors(writeSafetensors(tensors, (name) => (name === 'a' ? 'F16' : 'F32')));
    expect(read.get('a')!.stored).toEqual(Float16Array.of(1, -2.5, 0.1, 65504));
    expect(read.get('b')!.stored).toEqual(tensors.get('b')!.data);
  });

  test.each([
    ['another type', { dtype: 'BF16', shape: [1], data_offsets: [0, 2] }, 'its dtype is none of F32, F16, I8'],
    ['a type that every object has', { dtype: 'toString', shape: [1], data_offsets: [0, 2] }, 'its dtype is none of'],
    ['a size below nothing', { dtype: 'F32', shape: [-1], data_offsets: [0, 4] }, 'its shape is no list of sizes'],
    ['a shape that is none', { dtype: 'F32', shape: 'x', data_offsets: [0, 4] }, 'its shape is no list of sizes'],
    ['one offset', { dtype: 'F32', shape: [1], data_offsets: [0] }, 'its data_offsets are no two offsets'],
    ['an offset behind the end', { dtype: 'F32', shape: [1], data_offsets: [1, 5] }, 'its offsets don’t fit'],
    ['nothing at all', null, 'its dtype is none of'],
  ])('with %s is refused, and says which tensor it is about', (_, entry, message) => {
    const header = Buffer.from(JSON.stringify({ mine: entry }));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const file = Buffer.concat([length, header, Buffer.alloc(4)]);
    expect(() => readSafetensors(file)).toThrow(`mine: ${message.replace('’', "'")}`);
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
