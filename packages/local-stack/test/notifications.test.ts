import { expect, test } from '@jest/globals';
import { Notifier } from '../src/notifications.ts';

test('a later change has a higher sequencer, also when the clock steps back or stands still', () => {
  const clock = [1_800_000_000_000, 1_800_000_000_000, 1_800_000_000_001, 1_700_000_000_000, 1_800_000_000_002];
  const sequencers: string[] = [];
  let i = 0;
  const notifier = new Notifier({
    send: (_, body) => sequencers.push(JSON.parse(body).Records?.[0].s3.object.sequencer),
    now: () => new Date(clock[Math.floor(i++ / 2)] ?? 0),
  });
  notifier.configure('bucket', [{ queueArn: 'queue', event: 's3:ObjectCreated:*', prefix: '', suffix: '' }]);
  sequencers.length = 0;
  i = 0;
  for (const _ of clock) {
    notifier.notify({ bucket: 'bucket', key: 'key', eventName: 'ObjectCreated:Put', object: { size: 1, etag: 'e' } });
  }
  expect(sequencers).toHaveLength(clock.length);
  expect(new Set(sequencers).size).toBe(clock.length);
  expect(sequencers).toEqual(sequencers.toSorted());
  expect(sequencers[0]).toMatch(/^[0-9A-F]{15}$/);
});
