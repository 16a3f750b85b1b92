import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fuzzing } from '../../../test/helpers/fuzz.ts';
import { Cursors, type Position } from '../src/query/cursor.ts';
import { startDynamo, type TemporaryDynamo } from './temporary-table.ts';

const position: Position = { path: { by: 'outcomes', outcomes: ['tagged'], from: '', to: 'Z' } as never, after: 'x' };
let dynamo: TemporaryDynamo;
let cursors: Cursors;
let sealed: string;
beforeAll(async () => {
  dynamo = await startDynamo();
  cursors = new Cursors({ client: dynamo.client, tableName: await dynamo.createTable() });
  sealed = await cursors.seal('dog', position);
});
afterAll(() => dynamo.close());

const forged = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
  // One bit of a true one, or a part of it.
  fc.nat().map((bit) => {
    const bytes = Buffer.from(sealed, 'base64url');
    const at = bit % (bytes.length * 8);
    bytes[at >> 3]! ^= 1 << (at & 7);
    return bytes.toString('base64url');
  }),
  fc.nat().map((length) => sealed.slice(0, length % sealed.length)),
  fc.uint8Array({ minLength: 1, maxLength: 20 }).map((more) => sealed + Buffer.from(more).toString('base64url')),
);

test('a cursor that the service hasn’t made, or not for that question, is refused', async () => {
  await fc.assert(
    fc.asyncProperty(forged, fc.string({ maxLength: 20 }), async (cursor, question) => {
      const refused = { code: 'invalid-argument', retryable: false };
      await expect(cursors.open('dog', cursor)).rejects.toMatchObject(refused);
      if (question !== 'dog') await expect(cursors.open(question, sealed)).rejects.toMatchObject(refused);
    }),
    fuzzing(300),
  );
  expect(await cursors.open('dog', sealed)).toEqual(position);
}, 600_000);
