import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NamedEmbeddings } from '../src/index.ts';

/** The same first bytes, by which they are looked for. */
const IDS = [1, 2, 3, 4].map((number) => Buffer.concat([Buffer.alloc(15), Buffer.of(number)]).toString('base64url'));

test('whatever is put, changed and forgotten, the nearest are those that are there, each once', () => {
  const place = fc.record({
    space: fc.constantFrom('a', 'b'),
    embedding: fc.constantFrom([3, 0], [3, 1], [0, 2], [1, 2, 3]).map((numbers) => Int8Array.from(numbers)),
  });
  const step = fc.record({ id: fc.constantFrom(...IDS), place: fc.option(place) });
  fc.assert(
    fc.property(fc.array(step), place, (steps, asked) => {
      const embeddings = new NamedEmbeddings();
      const model = new Map<string, NonNullable<(typeof steps)[number]['place']>>();
      for (const { id, place } of steps) {
        if (place) {
          embeddings.put(id, place);
          model.set(id, place);
        } else {
          embeddings.forget(id);
          model.delete(id);
        }
      }
      const expected = [...model].filter(
        ([, { space, embedding }]) => space === asked.space && embedding.length === asked.embedding.length,
      );
      const found = embeddings.nearest(asked, 10);
      expect(found.map(({ id }) => id).toSorted()).toEqual(expected.map(([id]) => id).toSorted());
      expect(embeddings.count(asked)).toBe(expected.length);
      expect(embeddings.size).toBe(model.size);
      const isSame = (id: string) => Buffer.from(model.get(id)!.embedding).equals(Buffer.from(asked.embedding));
      for (const { id, likeness } of found) expect(likeness > 0.9999).toBe(isSame(id));
    }),
  );
});

test('what is forgotten is found no more, though it was like nothing', () => {
  const embeddings = new NamedEmbeddings();
  embeddings.put(IDS[0]!, { space: 1, embedding: Int8Array.of(0, 0) });
  embeddings.put(IDS[1]!, { space: 1, embedding: Int8Array.of(-5, 0) });
  const asked = { space: 1, embedding: Int8Array.of(5, 0) };
  expect(embeddings.nearest(asked, 2)).toEqual([
    { id: IDS[0]!, likeness: 0 },
    { id: IDS[1]!, likeness: expect.closeTo(-1, 5) },
  ]);
  embeddings.forget(IDS[0]!);
  expect(embeddings.nearest(asked, 2)).toEqual([{ id: IDS[1]!, likeness: expect.closeTo(-1, 5) }]);
});

test('thousands come and go, and are found by their own', () => {
  const embeddings = new NamedEmbeddings();
  const idOf = (number: number) => {
    const id = Buffer.alloc(16);
    id.writeUInt32LE(number);
    return id.toString('base64url');
  };
  const placeOf = (number: number) => ({
    space: 1,
    embedding: Int8Array.of(number % 50, Math.floor(number / 50), 50),
  });
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 2000; i++) embeddings.put(idOf(i), placeOf(i));
    for (let i = 0; i < 2000; i++) if (i % 10 !== round) embeddings.forget(idOf(i));
    expect(embeddings.size).toBe(200);
    expect(embeddings.nearest(placeOf(10 + round), 1)).toEqual([
      { id: idOf(10 + round), likeness: expect.closeTo(1, 5) },
    ]);
  }
});
