import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aroundZero } from '../src/around-zero.ts';

const byte = fc.integer({ min: 0, max: 255 });

const layer = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 12 }))
  .chain(([channels, perChannel]) =>
    fc.record({
      bytes: fc.uint8Array({ minLength: channels * perChannel, maxLength: channels * perChannel }),
      zeroPoint: byte,
      scale: fc.double({ min: 1e-4, max: 1, noNaN: true }).map(Math.fround),
      biases: fc.int32Array({ minLength: channels, maxLength: channels }),
    }),
  );

test('filters stand for the same numbers around zero, or, where a channel reaches too far, for the closest', () => {
  fc.assert(
    fc.property(layer, ({ bytes, biases, ...quantization }) => {
      const { scale, zeroPoint } = quantization;
      const { filters, filterScales, biases: ours } = aroundZero(bytes, quantization, biases);
      const perChannel = bytes.length / biases.length;
      biases.forEach((bias, channel) => {
        const [from, to] = [channel * perChannel, (channel + 1) * perChannel];
        const numbers = [...bytes.subarray(from, to)].map((each) => each - zeroPoint);
        const reach = Math.max(...numbers.map(Math.abs));
        if (reach <= 127) {
          expect([...filters.subarray(from, to)]).toEqual(numbers);
          expect([filterScales[channel], ours[channel]]).toEqual([scale, bias]);
        } else {
          const step = filterScales[channel]! / scale;
          expect(step).toBeCloseTo(reach / 127, 5);
          numbers.forEach((number, i) => {
            expect(Math.abs(filters[from + i]! * step - number)).toBeLessThanOrEqual(step / 2 + 1e-4);
          });
          expect(Math.abs(ours[channel]! * (reach / 127) - bias)).toBeLessThanOrEqual(step / 2 + 1e-4);
        }
      });
    }),
    { endOnFailure: true },
  );
});
