import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseMessage } from '../src/index.ts';

const nothing = { events: [], testEvents: 0, unknown: 0 };

function s3Record(eventName: string, object: Record<string, unknown>) {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'eu-central-1',
    eventTime: '2026-01-02T03:04:05.678Z',
    eventName,
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'images',
      bucket: { name: 'photos', ownerIdentity: { principalId: 'A' }, arn: 'arn:aws:s3:::photos' },
      object,
    },
  };
}

function parse(value: unknown) {
  return parseMessage(JSON.stringify(value));
}

describe('a message from S3', () => {
  test('decodes keys as forms do, with plus for a space and UTF-8', () => {
    const object = {
      key: 'a+b/%C3%BC%2B%25.jpg',
      size: 9,
      eTag: 'e',
      versionId: 'v1',
      sequencer: '0055AED6DCD90281E5',
    };
    expect(parse({ Records: [s3Record('ObjectCreated:Put', object)] })).toEqual({
      ...nothing,
      events: [{ bucket: 'photos', key: 'a b/ü+%.jpg', versionId: 'v1', sequencer: '0055AED6DCD90281E5' }],
    });
  });

  test('may hold several records', () => {
    const records = ['a', 'b', 'c'].map((key) => s3Record('ObjectCreated:CompleteMultipartUpload', { key }));
    expect(parse({ Records: records }).events.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  });

  test('about a removal does not pass off the removed version as one that was created', () => {
    for (const eventName of [
      'ObjectRemoved:Delete',
      'ObjectRemoved:DeleteMarkerCreated',
      'LifecycleExpiration:Delete',
      's3:LifecycleExpiration:DeleteMarkerCreated',
    ]) {
      const { events } = parse({ Records: [s3Record(eventName, { key: 'a.jpg', versionId: 'v1', sequencer: '01' })] });
      expect(events).toEqual([{ bucket: 'photos', key: 'a.jpg', sequencer: '01' }]);
    }
  });

  test('keeps its good records when one of them is broken', () => {
    const records = [
      s3Record('ObjectCreated:Put', { key: 'bad%E0%A4%A' }),
      {},
      s3Record('ObjectCreated:Put', { key: 'a' }),
    ];
    expect(parse({ Records: records })).toEqual({ ...nothing, events: [{ bucket: 'photos', key: 'a' }], unknown: 2 });
  });

  test('that only tests the notification is counted', () => {
    const testEvent = { Service: 'Amazon S3', Event: 's3:TestEvent', Time: '2026-01-02T03:04:05Z', Bucket: 'photos' };
    expect(parse(testEvent)).toEqual({ ...nothing, testEvents: 1 });
    expect(parse({ Type: 'Notification', Message: JSON.stringify(testEvent) })).toEqual({ ...nothing, testEvents: 1 });
  });
});

describe('a wrapped message', () => {
  test('from SNS says what it holds', () => {
    const message = { Records: [s3Record('ObjectCreated:Put', { key: 'a+b', sequencer: '01' })] };
    const wrapped = { Type: 'Notification', MessageId: 'm', TopicArn: 't', Message: JSON.stringify(message) };
    expect(parse(wrapped).events).toEqual([{ bucket: 'photos', key: 'a b', sequencer: '01' }]);
  });

  test('from EventBridge has its key as it is', () => {
    const event = (type: string) => ({
      version: '0',
      source: 'aws.s3',
      'detail-type': type,
      detail: {
        bucket: { name: 'photos' },
        object: { key: 'a+b%20.jpg', etag: 'e', 'version-id': 'v1', sequencer: '01' },
      },
    });
    expect(parse(event('Object Created')).events).toEqual([
      { bucket: 'photos', key: 'a+b%20.jpg', versionId: 'v1', sequencer: '01' },
    ]);
    expect(parse(event('Object Deleted')).events).toEqual([{ bucket: 'photos', key: 'a+b%20.jpg', sequencer: '01' }]);
  });

  test('from backfill names the object that was listed', () => {
    const message = {
      source: 'tagmill.backfill',
      bucket: 'photos',
      key: 'a+b',
      etag: 'e',
      lastModified: '2026-01-02T03:04:05.000Z',
    };
    const lastModified = new Date('2026-01-02T03:04:05Z');
    expect(parse(message).events).toEqual([{ bucket: 'photos', key: 'a+b', etag: 'e', lastModified }]);
  });

  test('in too many envelopes is unknown', () => {
    let message = JSON.stringify({ Records: [s3Record('ObjectCreated:Put', { key: 'a' })] });
    for (let i = 0; i < 50; i++) message = JSON.stringify({ Type: 'Notification', Message: message }).slice(0, 200_000);
    expect(parseMessage(message)).toEqual({ ...nothing, unknown: 1 });
  });
});

describe('a message of any kind', () => {
  test('never throws, and is either understood or counted', () => {
    const hints = fc.constantFrom(
      'Records',
      's3',
      'Event',
      'Type',
      'Message',
      'detail',
      'source',
      'bucket',
      'object',
      'key',
    );
    const json = fc.object({ key: fc.oneof(hints, fc.string()), maxDepth: 5, withNullPrototype: true });
    const bodies = fc.oneof(
      fc.string(),
      fc.json(),
      json.map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        const { events, testEvents, unknown } = parseMessage(body);
        expect(events.length + testEvents + unknown).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  test('gives back every key that S3 can encode', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (key) => {
        const encoded = encodeURIComponent(key).replaceAll('%20', '+');
        const { events } = parse({ Records: [s3Record('ObjectCreated:Put', { key: encoded })] });
        expect(events).toEqual([{ bucket: 'photos', key }]);
      }),
    );
  });
});
