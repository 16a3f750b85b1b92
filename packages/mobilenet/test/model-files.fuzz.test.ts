import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fuzzing } from '../../../test/helpers/fuzz.ts';
import { readSafetensors, writeSafetensors } from '../src/index.ts';
import { importTflite } from '../src/tflite-import.ts';

const official = path.join(import.meta.dirname, '../../../../shared/data/official/mobilenet_v1_0.25_128_quant.tflite');
const withData = fs.existsSync(official) ? test : test.skip;

function readOrRefused(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid-model' });
    expect((error as Error).message).not.toContain('\n');
  }
}

withData(
  'a .tflite that is cut off or damaged is read or refused, and nothing else is thrown',
  () => {
    const whole = fs.readFileSync(official);
    // The tables that describe the graph are at its end; the weights before them are numbers like any other.
    const damage = fc.record({
      length: fc.oneof(fc.constant(whole.length), fc.nat(whole.length)),
      at: fc.integer({ min: whole.length - 40_000, max: whole.length - 1 }),
      byte: fc.nat(255),
    });
    fc.assert(
      fc.property(damage, ({ length, at, byte }) => {
        const damaged = Uint8Array.from(whole).fill(byte, at, at + 4);
        readOrRefused(() => importTflite(damaged.subarray(0, length)));
      }),
      fuzzing(60),
    );
  },
  600_000,
);

test('a .tflite of whatever bytes is read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      readOrRefused(() => importTflite(bytes));
      readOrRefused(() => importTflite(Uint8Array.of(...bytes.subarray(0, 4), ...Buffer.from('TFL3'), ...bytes)));
    }),
    fuzzing(300),
  );
}, 600_000);

test('weights that are cut off, damaged, or whatever bytes, are read or refused', () => {
  const whole = writeSafetensors(
    new Map([['a', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }]]),
    () => 'F32',
  );
  const damage = fc.record({
    length: fc.oneof(fc.constant(whole.length), fc.nat(whole.length)),
    bytes: fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 }),
  });
  fc.assert(
    fc.property(damage, fc.uint8Array({ maxLength: 200 }), ({ length, bytes }, any) => {
      const damaged = Uint8Array.from(whole);
      for (const [at, byte] of bytes) damaged[at] = byte;
      readOrRefused(() => readSafetensors(damaged.subarray(0, length)));
      readOrRefused(() => readSafetensors(any));
    }),
    fuzzing(300),
  );
}, 600_000);
