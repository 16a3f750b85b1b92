import { SQSClient } from '@aws-sdk/client-sqs';
import { parseSettings } from '@tagmill/core';
import { SqsQueue } from '@tagmill/pipeline';
import { createEnqueueBackfill } from './enqueue-backfill.ts';
import { settingsSchema } from './settings.ts';

const settings = parseSettings(settingsSchema, process.env);
const client = new SQSClient({ useQueueUrlAsEndpoint: false });

/** What the state machine calls with each batch. */
export const handler = createEnqueueBackfill(settings, new SqsQueue({ client, queueUrl: settings.BACKFILL_QUEUE_URL }));
