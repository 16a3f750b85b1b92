import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseMessage, type RefusedMessage, S3ObjectStore, SqsQueue } from '@tagmill/pipeline';
import { type AwsClients, startAwsClients } from '../../../test/helpers/aws-clients.ts';
import { backfill, redrive } from '../src/index.ts';

let aws: AwsClients;
beforeAll(async () => {
  aws = await startAwsClients();
  aws.server.createBucket('photos');
});
afterAll(() => aws.close());

const put = (Key: string, Body: string) => aws.s3.send(new PutObjectCommand({ Bucket: 'photos', Key, Body }));

/** Makes a queue, with messages in it. */
function queue(name: string, bodies: string[] = []): SqsQueue {
  const queueUrl = aws.server.createQueue(name);
  for (const body of bodies) aws.server.sendMessage(name, body);
  return new SqsQueue({ client: aws.sqs, queueUrl });
}

const bodies = (name: string) => aws.server.messages(name);

describe('backfill', () => {
  test('enqueues every object once, with what the listing showed, and says how far it came', async () => {
    for (let i = 10; i < 33; i++) await put(`old/${i} ü+.jpg`, 'x');
    const progress: unknown[] = [];
    const objects = new S3ObjectStore({ client: aws.s3 }).list({ bucket: 'photos', prefix: 'old/' });
    const done = await backfill({ objects, queue: queue('backfill'), onProgress: (each) => progress.push(each) });
    expect(done).toEqual({ enqueued: 23, lastKey: 'old/32 ü+.jpg' });
    expect(progress).toEqual([
      { enqueued: 10, lastKey: 'old/19 ü+.jpg' },
      { enqueued: 20, lastKey: 'old/29 ü+.jpg' },
      done,
    ]);
    const events = (await bodies('backfill')).flatMap((body) => parseMessage(body).events);
    expect(events.map(({ key }) => key).sort()).toEqual(Array.from({ length: 23 }, (_, i) => `old/${i + 10} ü+.jpg`));
    expect(events[0]).toMatchObject({ bucket: 'photos', etag: expect.any(String), lastModified: expect.any(Date) });
  });

  test('of an empty prefix enqueues nothing', async () => {
    const objects = new S3ObjectStore({ client: aws.s3 }).list({ bucket: 'photos', prefix: 'none/' });
    expect(await backfill({ objects, queue: queue('empty') })).toEqual({ enqueued: 0 });
  });
});

describe('redrive', () => {
  const about = (key: string) => JSON.stringify({ source: 'tagmill.backfill', bucket: 'photos', key });

  test('moves every dead letter back, junk too', async () => {
    const letters = Array.from({ length: 13 }, (_, i) => (i === 5 ? 'junk' : about(`${i}.jpg`)));
    expect(await redrive({ deadLetters: queue('dead-all', letters), queue: queue('live-all') })).toEqual({
      moved: 13,
      left: 0,
    });
    expect((await bodies('live-all')).sort()).toEqual([...letters].sort());
    expect(await bodies('dead-all')).toEqual([]);
  });

  test('moves one image, and leaves the others to be seen at once', async () => {
    const letters = ['a.jpg', 'b.jpg', 'c.jpg'].map(about);
    const image = { bucket: 'photos', key: 'b.jpg' };
    expect(await redrive({ deadLetters: queue('dead-one', letters), queue: queue('live-one'), image })).toEqual({
      moved: 1,
      left: 2,
    });
    expect(await bodies('live-one')).toEqual([about('b.jpg')]);
    expect((await bodies('dead-one')).sort()).toEqual([about('a.jpg'), about('c.jpg')]);
  });

  test('leaves what may not be sent again as a dead letter', async () => {
    const [dead, live] = [queue('dead', ['a', 'b']), queue('live-again')];
    const refusing = {
      send: (bodies: readonly string[], options = {}) =>
        live.send(
          bodies.map((body) => (body === 'b' ? '\u0001' : body)),
          options,
        ),
    };
    // The body that comes back is the queue's own, so it is put in its place.
    const refusingB: typeof live.send = (bodies, { onRefused } = {}) =>
      refusing.send(bodies, { onRefused: ({ reason }: RefusedMessage) => onRefused!({ body: 'b', reason }) });
    expect(await redrive({ deadLetters: dead, queue: { send: refusingB } })).toMatchObject({
      moved: 1,
      left: 1,
      refused: [{ body: 'b' }],
    });
    expect(await bodies('live-again')).toEqual(['a']);
    expect((await dead.receive({ waitSeconds: 0, visibilitySeconds: 60 })).map(({ body }) => body)).toEqual(['b']);
  });
});
