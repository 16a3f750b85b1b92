import { expect, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import fc from 'fast-check';
import { type Content, packContent, unpackContent } from '../src/content.ts';

/** As the table keeps them now: what was written once has to stay readable. */
const WRITTEN_BEFORE =
  'IzWvFGTkl+QXw3NIIjSLQPNEqiFyjCUbpKWlpiLyhiU8cxghcochevYgLjMk5+fkZKZiJGBQwsIoXeD5AntegChCNccCpBY98gwMdQ2MQgyMrQxMrAxM9czMLaJQ4tPI1AAUp3CnGRgZgAVAFuCIWTQjDQwMomgY2QwM+xn+AwA=';

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

test('takes a third of its JSON', () => {
  const { scores: _, ...said } = content;
  expect(packContent(content).length).toBeLessThan(JSON.stringify(said).length / 3);
});
