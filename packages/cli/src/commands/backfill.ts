import { setTimeout as delay } from 'node:timers/promises';
import { TagmillError } from '@tagmill/core';
import {
  invokeLocally,
  type ListedObject,
  type LocalFunction,
  openStack,
  resumeExecution,
  type StackAddress,
  startExecution,
} from '@tagmill/pipeline';
import { describeBackfillCost } from '../backfill-cost.ts';
import { findStack, parseS3Url, type StackChoice } from '../stacks.ts';

export interface BackfillCommandOptions extends StackChoice {
  /** Go on after this key. */
  startAfter?: string;
  yes?: boolean;
  /** ARN of an execution. */
  resume?: string;
}

/** As many as the state machine of a deployed stack hands to its function. */
const OBJECTS_A_BATCH = 500;
const RETRY_MS = 5000;

/** Listing so many takes seconds, and half a cent. */
const COUNTED_OBJECTS = 1_000_000;

/** `tagmill backfill`: enqueues the objects below a prefix, which were there before their events were. */
export async function backfillObjects(url: string, options: BackfillCommandOptions): Promise<void> {
  const { startAfter, yes, resume, ...choice } = options;
  const { bucket, key: prefix } = parseS3Url(url);
  const address = await findStack(choice);
  const { functions, uploadBucket } = address;
  if (bucket !== uploadBucket) {
    throw new TagmillError('invalid-argument', `${bucket} is not the stack's bucket, which is ${uploadBucket}`);
  }
  if (functions) {
    if (yes || resume) throw new TagmillError('invalid-argument', '--yes and --resume are for a deployed --stack');
    const { objects } = openStack(address);
    const listing = objects.list({ bucket, prefix, ...(startAfter === undefined ? {} : { startAfter }) });
    await enqueueHere(listing, functions.enqueueBacklog);
    return;
  }
  if (startAfter !== undefined)
    throw new TagmillError('invalid-argument', '--start-after is for a local stack: --resume');
  await enqueueThere(address, prefix, options);
}

/** What the state machine does: lists, and hands batches to the function, again and again while the queue is full. */
async function enqueueHere(listing: AsyncIterable<ListedObject>, enqueueBacklog: LocalFunction): Promise<void> {
  let total = 0;
  const enqueue = async (batch: readonly ListedObject[]) => {
    total += await enqueueBatch(batch, enqueueBacklog);
    const last = JSON.stringify(batch.at(-1)!.key);
    process.stderr.write(`${total} enqueued; to go on from here: --start-after ${last}\n`);
  };
  let batch: ListedObject[] = [];
  for await (const object of listing) {
    batch.push(object);
    if (batch.length < OBJECTS_A_BATCH) continue;
    await enqueue(batch);
    batch = [];
  }
  if (batch.length > 0) await enqueue(batch);
  process.stdout.write(`${total} images enqueued\n`);
}

async function enqueueBatch(batch: readonly ListedObject[], enqueueBacklog: LocalFunction): Promise<number> {
  // As the item reader of a distributed map has them.
  const Items = batch.map(({ key, etag, lastModified, sizeBytes }) => ({
    Key: key,
    Etag: `"${etag}"`,
    LastModified: lastModified.getTime() / 1000,
    Size: sizeBytes,
  }));
  while (true) {
    try {
      return ((await invokeLocally(enqueueBacklog, { Items })) as { enqueued: number }).enqueued;
    } catch (error) {
      if (!(error instanceof TagmillError && error.code === 'throttled')) throw error;
      process.stderr.write('The queue is full: waiting for it\n');
      await delay(RETRY_MS);
    }
  }
}

/** Starts the state machine, or says what it would do. */
async function enqueueThere(address: StackAddress, prefix: string, options: BackfillCommandOptions): Promise<void> {
  const { yes, resume } = options;
  const { workflows, uploadBucket: bucket } = address;
  if (!workflows)
    throw new TagmillError('not-found', 'This stack was deployed before it could backfill: deploy it anew');
  if (resume !== undefined) {
    await resumeExecution(resume);
    process.stdout.write(`${resume} goes on\n`);
    return;
  }
  const { objects, callApi } = openStack(address);
  const { count, bytes } = await countObjects(objects.list({ bucket, prefix }));
  const isAll = count < COUNTED_OBJECTS;
  process.stderr.write(
    `${isAll ? '' : 'At least '}${count} objects, ${(bytes / 1e9).toFixed(1)} GB below s3://${bucket}/${prefix}\n`,
  );
  process.stderr.write(`${await describeBackfillCost(callApi, count)}\n`);
  if (!yes) {
    process.stdout.write('Nothing was started: --yes starts it\n');
    return;
  }
  const arn = await startExecution(workflows.backfill, { prefix });
  process.stdout.write(`Started ${arn}\nIf it fails or is stopped, go on with --resume ${arn}\n`);
}

async function countObjects(listing: AsyncIterable<ListedObject>): Promise<{ count: number; bytes: number }> {
  let [count, bytes] = [0, 0];
  for await (const { sizeBytes } of listing) {
    count++;
    bytes += sizeBytes;
    if (count === COUNTED_OBJECTS) break;
  }
  return { count, bytes };
}
