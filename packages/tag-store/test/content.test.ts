import { expect, test } from '@jest/globals';
import type { Fingerprint, ImageRecord } from '@tagmill/core';
import fc from 'fast-check';
import { seededRandom } from '../../../test/helpers/random.ts';
import { packContent, unpackContent } from '../src/content.ts';
import type { Content } from '../src/types.ts';

/** As the table kept them in the first layout: what was written once has to stay readable. */
const VERSION_1 =
  'ASM1rxRk5JfkF8NzSCI0i0DzRKohcowlG6SlpaYi8oYlPHMYIXKHIXr2IC4zJOfn5GSmYiRgUMLCKF3g+QJ7XoAoQjXHAqQWPfIMDHUNjEIMjK0MTKwMTPXMzC2iUOLTyNQAFKdwpxkYGYAFQBbgiFk0Iw0MDKJoGNkMDPsZ/gMA';

/** The same in the second, with a fingerprint. */
const VERSION_2 =
  'AqMAlZRNCoMwEEbv4r7yzWhidNkzuHJnJdKCkEK79e4lpo1NbCDdzgzzA+/Nv5Ler+ZpHl7N8e2mk7HQ9MVEMWGetd73b72XvItJsZl5Hk5mWW76oIhF9/A7vXm/bXNFYR9la2M+QCdwj6pD3UGUslFDgAwLWGz8amBsATsgAU/UEsCQwdOHhzQ8KGmLnd25YarKo0gRJzgCcVUL2ah2vIRMyXV9AfDh0sO0pZaHgFUdAhzqB6A/GIk=';

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

const fingerprint: Fingerprint = {
  hash: 'f0e1d2c3b4a59687',
  sharpness: 812,
  space: 'everyday-128-0123456789ab',
  embedding: Buffer.from(Int8Array.of(3, -4, 0, 127, -127, 12)).toString('base64'),
};

test('what is packed comes back, whatever names and scores are', () => {
  const text = fc.string({ unit: 'binary' });
  const digest = (digits: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits });
  const confidence = fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 });
  const contents = fc.record(
    {
      record: fc.record({
        image: fc.record({ bucket: text, key: text, etag: digest(32), sha256: digest(64) }),
        outcome: fc.constantFrom('tagged', 'empty'),
        tags: fc.array(fc.record({ name: text, confidence, parents: fc.array(text) })),
        broader: fc.array(fc.record({ name: text, confidence })),
        taggedAt: text,
      }),
      live: fc.array(text),
      own: fc.record({ tags: fc.array(fc.record({ name: text })) }),
      corrections: fc.record({ sha256: text }),
      lastModified: text,
      scores: fc.record({ labelSet: text, bytes: fc.uint8Array({ maxLength: 600 }), topN: fc.nat() }),
      fingerprint: fc.record(
        {
          hash: fc.oneof(text, digest(16)),
          sharpness: confidence,
          space: text,
          embedding: fc
            .int8Array({ min: -127, minLength: 1 })
            .map((bytes) => Buffer.from(bytes.buffer).toString('base64')),
        },
        { requiredKeys: ['hash', 'sharpness'] },
      ),
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

test.each([
  ['the first', VERSION_1, content],
  ['the second', VERSION_2, { ...content, fingerprint }],
])('what was written in %s layout is read', (_, written, expected) => {
  expect(unpackContent(Buffer.from(written, 'base64'))).toEqual(expected);
});

test('begins with its version', () => {
  expect(packContent(content)[0]).toBe(2);
  expect(Buffer.from(VERSION_1, 'base64')[0]).toBe(1);
});

test.each([
  ['of a version to come', [3, ...Buffer.from(VERSION_1, 'base64').subarray(1)], /of version 3; known here: 1, 2/],
  ['of no version', [], /of version undefined/],
])('is unreadable, by name, where it is %s', (_, bytes, message) => {
  const unpack = () => unpackContent(Uint8Array.from(bytes));
  expect(unpack).toThrow(message);
  expect(unpack).toThrow(expect.objectContaining({ code: 'unreadable' }));
});

test('takes less than half of what the record alone takes as JSON, with a digest, a model and times as real ones have them', () => {
  const random = seededRandom(7);
  const digits = (count: number) =>
    Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join('');
  const real: ImageRecord = {
    ...record,
    image: { ...record.image, key: '2026/11/IMG_4711.jpg', etag: digits(32), sha256: digits(64) },
    model: {
      variant: 'everyday/0.75-128',
      family: 'everyday',
      alpha: 0.75,
      resolution: 128,
      precision: 'float32',
      sha256: digits(64),
    },
    timings: { queueMs: 12, fetchMs: 8.31, decodeMs: 4.02, inferMs: 6.54, totalMs: 20.11 },
  };
  const { scores: _, ...said } = { ...content, record: real };
  expect(packContent(said).length).toBeLessThan(JSON.stringify(said).length / 2);
});

test('an embedding of 128 numbers takes fewer than 128 bytes', () => {
  // Normal, as those of photos are: length 1 together, times 127.
  const random = seededRandom(5);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const bytes = Int8Array.from({ length: 128 }, () => Math.round((127 / Math.sqrt(128)) * normal()));
  const embedding = Buffer.from(bytes.buffer).toString('base64');
  const { embedding: _, space: __, ...without } = fingerprint;
  const added = packContent({ ...content, fingerprint: { ...fingerprint, embedding } }).length;
  expect(added - packContent({ ...content, fingerprint: without }).length).toBeLessThan(128);
});
