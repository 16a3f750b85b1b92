import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TagmillError } from '@tagmill/core';
import fc from 'fast-check';
import { tgz } from '../../../../test/helpers/archives.ts';
import { fuzzing } from '../../../../test/helpers/fuzz.ts';
import { unpackTflite } from '../../src/pull/unpack.ts';

let folder: string;
let plain: Buffer;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'unpack-fuzz-'));
  plain = gunzipSync(
    await tgz(['../up.ckpt', 'x'.repeat(2000)], ['a.tflite', 'model'.repeat(300)], ['b.pb', 'y'.repeat(900)]),
  );
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const change = fc.record({
  /** Of the archive, before it is packed or after. */
  isPacked: fc.boolean(),
  bytes: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
  cutTo: fc.option(fc.nat(), { freq: 3 }),
});

test('any archive gives one model, or is refused in a line, and nothing of it is written', async () => {
  await fc.assert(
    fc.asyncProperty(change, async ({ isPacked, bytes, cutTo }) => {
      let archive = Buffer.from(isPacked ? gzipSync(plain) : plain);
      for (const [at, byte] of bytes) archive[at % archive.length] = byte;
      if (cutTo !== null) archive = archive.subarray(0, cutTo % archive.length);
      const file = path.join(folder, 'archive.tgz');
      fs.writeFileSync(file, isPacked ? archive : gzipSync(archive));
      try {
        expect((await unpackTflite(file)).length).toBeGreaterThanOrEqual(0);
      } catch (error) {
        if (!(error instanceof TagmillError)) throw error;
        expect(error.code).toBe('invalid-model');
        expect(error.message).not.toContain('\n');
      }
      expect(fs.readdirSync(folder)).toEqual(['archive.tgz']);
    }),
    fuzzing(300),
  );
}, 600_000);
