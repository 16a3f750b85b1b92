import { describe, expect, test } from '@jest/globals';
import { asksFor, eventMessage, type ObjectChange, type QueueNotification } from '../src/notifications.ts';

const change: ObjectChange = {
  bucket: 'photos',
  key: 'year=2026/a b.jpg',
  eventName: 'ObjectCreated:Put',
  sequence: 0x1234,
  timeMs: 0,
  object: { size: 1, etag: 'e' },
};
const rule: QueueNotification = { queueArn: 'queue', events: ['s3:ObjectCreated:*'], prefix: '', suffix: '' };

describe('a filter', () => {
  test.each([
    ['year%3D2026/', '.jpg', true],
    ['year=2026/', '', false],
    ['year%3D2026/a+', '', true],
    ['year%3D2026/a ', '', false],
    ['', '+b.jpg', true],
    ['', '.JPG', false],
  ])('is compared with the key as it stands in the event: prefix "%s", suffix "%s": %s', (prefix, suffix, expected) => {
    expect(asksFor({ ...rule, prefix, suffix }, change)).toBe(expected);
  });

  test('asks for an event by its name or by all of its kind', () => {
    expect(asksFor({ ...rule, events: ['s3:ObjectRemoved:*', 's3:ObjectCreated:Put'] }, change)).toBe(true);
    expect(asksFor({ ...rule, events: ['s3:ObjectCreated:Copy'] }, change)).toBe(false);
  });
});

test('a message has the key in form encoding, the version and a sequencer whose order as text is that of the changes', () => {
  const record = JSON.parse(eventMessage({ ...change, versionId: 'v1' }, 'rule')).Records[0];
  expect(record.s3.object).toEqual({
    key: 'year%3D2026/a+b.jpg',
    size: 1,
    eTag: 'e',
    versionId: 'v1',
    sequencer: '000000000001234',
  });
  expect(record.s3.configurationId).toBe('rule');
});
