import { expect, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import fc from 'fast-check';
import { type Content, packContent, unpackContent } from '../src/content.ts';

/** As the table keeps them now: what was written once has to stay readable. */
const WRITTEN_BEFORE =
  'ASM1rxRk5JfkF8NzSCI0i0DzRKohcowlG6SlpaYi8oYlPHMYIXKHIXr2IC4zJOfn5GSmYiRgUMLCKF3g+QJ7XoAoQjXHAqQWPfIMDHUNjEIMjK0MTKwMTPXMzC2iUOLTyNQAFKdwpxkYGYAFQBbgiFk0Iw0MDKJoGNkMDPsZ/gMA';

const record: ImageRecord = {
  schemaVersion: 1,
  image: {
    bucket: 'photos',
    key: 'a.jpg',
    etag: 'e1',
    sha256: 'c0ffee',
    bytes: 9,
    width: 2,
    height: 1,
    format: 'jpeg',
  },
  outcome: 'tagged',
  tags: [{ name: 'collie', confidence: 0.75, parents: ['dog', 'animal'] }],
  broader: [{ name: 'dog', confidence: 0.8 }],
  taggedAt: '2026-01-02T03:04:05.678Z',
};
const content: Content = {
  record,
  live: ['02500#1#collie', '02000#1#dog'],
  lastModified: '2026-01-02T03:04:05.000Z',
  scores: {
    labelSet: 'everyday',
    bytes: Uint8Array.of(0, 191, 0, 255),
    topN: 5,
    minConfidence: 0.1,
    minBroaderConfidence: 0.3,
  },
};

test('what is packed comes back, whatever names and scores are', () => {
  const text = fc.string({ unit: 'binary' });
  const confidence = fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 });
  const contents = fc.record(
    {
      record: fc.record({
        image: fc.record({ bucket: text, key: text }),
        outcome: fc.constantFrom('tagged', 'empty'),
        tags: fc.array(fc.record({ name: text, confidence, parents: fc.array(text) })),
        broader: fc.array(fc.record({ name: text, confidence })),
        taggedAt: text,
      }),
      live: fc.array(text),
      own: fc.record({ tags: fc.array(fc.record({ name: text })) }),
      corrections: fc.record({ sha256: text }),
      lastModified: text,
      scores: fc.record({ labelSet: text, bytes: fc.uint8Array(), topN: fc.nat() }),
    },
    { requiredKeys: ['record', 'live'] },
  );
  fc.assert(
    fc.property(contents, (any) => {
      const given = any as unknown as Content;
      expect(unpackContent(packContent(given))).toEqual(given);
    }),
  );
});

test('what was written before is read', () => {
  expect(unpackContent(Buffer.from(WRITTEN_BEFORE, 'base64'))).toEqual(content);
});

test('begins with its version', () => {
  expect(packContent(content)[0]).toBe(1);
  expect(Buffer.from(WRITTEN_BEFORE, 'base64')[0]).toBe(1);
});

test.each([
  ['of a version to come', [2, ...Buffer.from(WRITTEN_BEFORE, 'base64').subarray(1)], /of version 2; known here: 1/],
  ['of no version', [], /of version undefined/],
])('is unreadable, by name, where it is %s', (_, bytes, message) => {
  const unpack = () => unpackContent(Uint8Array.from(bytes));
  expect(unpack).toThrow(message);
  expect(unpack).toThrow(expect.objectContaining({ code: 'unreadable' }));
});

test('takes a third of its JSON', () => {
  const { scores: _, ...said } = content;
  expect(packContent(content).length).toBeLessThan(JSON.stringify(said).length / 3);
});
