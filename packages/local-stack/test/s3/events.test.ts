import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { BUCKET, QUEUE_ARN, refusal, startTestS3, type TestS3 } from './test-s3.ts';

let running: TestS3;
beforeEach(async () => {
  running = await startTestS3();
});
afterEach(() => running.close());

const configure = (NotificationConfiguration: NotificationConfiguration) =>
  running.client.send(new PutBucketNotificationConfigurationCommand({ Bucket: BUCKET, NotificationConfiguration }));
const put = (Key: string) => running.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'x' }));
const records = () => running.sent.flatMap(({ body }) => body.Records ?? []);

test('a configuration that was put is there, and takes effect', async () => {
  const FilterRules = [
    { Name: 'prefix' as const, Value: 'in/a+b' },
    { Name: 'suffix' as const, Value: '.jpg' },
  ];
  // S3 answers with capitals.
  const named = FilterRules.map(({ Name, Value }) => ({ Name: Name === 'prefix' ? 'Prefix' : 'Suffix', Value }));
  const rule = {
    Id: 'mine',
    QueueArn: QUEUE_ARN,
    Events: ['s3:ObjectCreated:*' as const],
    Filter: { Key: { FilterRules } },
  };
  await put('before');
  await configure({ QueueConfigurations: [rule] });
  expect(running.sent).toEqual([
    { queueArn: QUEUE_ARN, body: expect.objectContaining({ Event: 's3:TestEvent', Bucket: BUCKET }) },
  ]);
  const configuration = new GetBucketNotificationConfigurationCommand({ Bucket: BUCKET });
  expect((await running.client.send(configuration)).QueueConfigurations).toEqual([
    { ...rule, Filter: { Key: { FilterRules: named } } },
  ]);
  for (const key of ['in/a b.jpg', 'in/a b.JPG', 'in/ab.jpg', 'a b.jpg']) await put(key);
  expect(records().map(({ s3 }) => [s3.configurationId, s3.object.key])).toEqual([['mine', 'in/a+b.jpg']]);
  await configure({});
  await put('in/a b.jpg');
  expect(records()).toHaveLength(1);
});

test('each kind of change has its event', async () => {
  const Events = ['s3:ObjectCreated:*', 's3:ObjectRemoved:*', 's3:ObjectTagging:*'] as const;
  await configure({ QueueConfigurations: [{ QueueArn: QUEUE_ARN, Events: [...Events] }] });
  await put('a');
  await running.client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'b', CopySource: `${BUCKET}/a` }));
  const tagged = { Bucket: BUCKET, Key: 'b' };
  await running.client.send(new PutObjectTaggingCommand({ ...tagged, Tagging: { TagSet: [] } }));
  await running.client.send(new DeleteObjectTaggingCommand(tagged));
  const form = new FormData();
  form.append('key', 'form/${filename}');
  form.append('file', new File(['bytes'], 'c.jpg'));
  expect((await fetch(`${running.s3.endpoint}/${BUCKET}`, { method: 'POST', body: form })).status).toBe(204);
  const Objects = [{ Key: 'a' }, { Key: 'never there' }, { Key: 'b' }];
  await running.client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }));
  expect(records().map(({ eventName, s3 }) => `${eventName} ${s3.object.key} ${s3.object.size}`)).toEqual([
    'ObjectCreated:Put a 1',
    'ObjectCreated:Copy b 1',
    'ObjectTagging:Put b undefined',
    'ObjectTagging:Delete b undefined',
    'ObjectCreated:Post form/c.jpg 5',
    'ObjectRemoved:Delete a undefined',
    'ObjectRemoved:Delete b undefined',
  ]);
  const sequencers = records().map(({ s3 }) => s3.object.sequencer);
  expect(sequencers).toEqual([...new Set(sequencers)].toSorted());
});

test.each<[string, NotificationConfiguration]>([
  [
    'a queue that isn’t there',
    { QueueConfigurations: [{ QueueArn: 'arn:aws:sqs:us-east-1:000000000000:none', Events: ['s3:ObjectCreated:*'] }] },
  ],
  [
    'an event that isn’t one',
    { QueueConfigurations: [{ QueueArn: QUEUE_ARN, Events: ['s3:ObjectSeen:*' as 's3:ObjectCreated:*'] }] },
  ],
  [
    'rules that overlap',
    {
      QueueConfigurations: [
        { QueueArn: QUEUE_ARN, Events: ['s3:ObjectCreated:*'] },
        {
          QueueArn: QUEUE_ARN,
          Events: ['s3:ObjectCreated:Put'],
          Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'a' }] } },
        },
      ],
    },
  ],
])('%s is refused', async (_name, configuration) => {
  expect(await refusal(configure(configuration))).toEqual(['InvalidArgument', 400]);
});
