import { setTimeout as delay } from 'node:timers/promises';
import { TagmillError } from '@tagmill/core';
import type { RefusedMessage } from '@tagmill/pipeline';
import {
  invokeLocally,
  type LocalFunction,
  openStack,
  resumeExecution,
  type StackAddress,
  startExecution,
} from '@tagmill/stack-client';
import { formatCount } from '../output/format-count.ts';
import { describeBackfillCost } from '../stack/backfill-cost.ts';
import { countInventory, countListing, describeSize } from '../stack/backfill-size.ts';
import { findInventory } from '../stack/inventories.ts';
import { refusedBySqs } from '../stack/refused.ts';
import { findStack, parseS3Url, type StackChoice } from '../stack/stacks.ts';

export interface BackfillCommandOptions extends StackChoice {
  /** URL of an inventory's manifest, to be read in place of the bucket's listing. */
  inventory?: string;
  /** Go on after this key. */
  startAfter?: string;
  yes?: boolean;
  /** ARN of an execution. */
  resume?: string;
}

/** What a distributed map's item reader finds, and the key to go on after if it finds keys in their order. */
interface Item {
  json: object;
  key?: string;
}

/** What the function answers. */
interface BackfillAnswer {
  enqueued: number;
  refused?: RefusedMessage[];
}

/** As many as the state machine of a deployed stack hands to its function. */
const OBJECTS_A_BATCH = 500;
const RETRY_MS = 5000;

/** `tagmill backfill`: enqueues the objects below a prefix, which were there before their events were. */
export async function backfillObjects(url: string, options: BackfillCommandOptions): Promise<void> {
  const { inventory, startAfter, yes, resume, ...choice } = options;
  const { bucket, key: prefix } = parseS3Url(url);
  const address = await findStack(choice);
  const { functions, uploadBucket } = address;
  if (bucket !== uploadBucket) {
    throw new TagmillError('invalid-argument', `${bucket} is not the stack's bucket, which is ${uploadBucket}`);
  }
  if (inventory !== undefined && startAfter !== undefined)
    throw new TagmillError('invalid-argument', 'An inventory has no order to --start-after');
  if (functions) {
    if (yes || resume) throw new TagmillError('invalid-argument', '--yes and --resume are for a deployed --stack');
    await enqueueHere(functions.enqueueBackfill, prefix, await listItems(address, prefix, options));
    return;
  }
  if (startAfter !== undefined)
    throw new TagmillError('invalid-argument', '--start-after is for a local stack: --resume');
  await enqueueThere(address, prefix, options);
}

/** As the item reader of a distributed map has them. */
async function listItems(
  address: StackAddress,
  prefix: string,
  { inventory: url, startAfter }: BackfillCommandOptions,
): Promise<AsyncIterable<Item>> {
  const found = await findInventory(address, url);
  if (found) return rowItems(found.inventory.rows());
  const { objects } = openStack(address);
  const { uploadBucket: bucket } = address;
  return listedItems(objects.list({ bucket, prefix, ...(startAfter === undefined ? {} : { startAfter }) }));
}

type Objects = ReturnType<typeof openStack>['objects'];

async function* listedItems(listing: ReturnType<Objects['list']>): AsyncGenerator<Item> {
  for await (const { key, etag, lastModified, sizeBytes } of listing) {
    const json = { Key: key, Etag: `"${etag}"`, LastModified: lastModified.getTime() / 1000, Size: sizeBytes };
    yield { json, key };
  }
}

async function* rowItems(rows: AsyncIterable<{ row: object }>): AsyncGenerator<Item> {
  for await (const { row } of rows) yield { json: row };
}

/** What the state machine does: hands batches to the function, again and again while the queue is full. */
async function enqueueHere(enqueueBackfill: LocalFunction, prefix: string, items: AsyncIterable<Item>): Promise<void> {
  let total = 0;
  let batch: Item[] = [];
  const flush = async () => {
    if (batch.length === 0) return;
    const event = { Items: batch.map(({ json }) => json), BatchInput: { prefix } };
    const { enqueued, refused = [] } = await enqueueBatch(event, enqueueBackfill);
    total += enqueued;
    refused.forEach(refusedBySqs);
    const { key } = batch.at(-1)!;
    const how = key === undefined ? '' : `; to go on from here: --start-after ${JSON.stringify(key)}`;
    process.stderr.write(`${total} enqueued${how}\n`);
    batch = [];
  };
  for await (const item of items) {
    batch.push(item);
    if (batch.length === OBJECTS_A_BATCH) await flush();
  }
  await flush();
  process.stdout.write(`${formatCount(total, 'image')} enqueued\n`);
}

async function enqueueBatch(event: object, enqueueBackfill: LocalFunction): Promise<BackfillAnswer> {
  while (true) {
    try {
      return (await invokeLocally(enqueueBackfill, event)) as BackfillAnswer;
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
  const found = await findInventory(address, options.inventory);
  const size = found
    ? await countInventory(found.inventory, prefix)
    : await countListing(objects.list({ bucket, prefix }), { bucket, prefix });
  process.stderr.write(`${describeSize(size)}\n`);
  process.stderr.write(`${await describeBackfillCost(callApi, size.objects)}\n`);
  if (!yes) {
    process.stdout.write('Nothing was started: --yes starts it\n');
    return;
  }
  const arn = await startExecution(workflows.backfill, { prefix, ...(found && { inventory: found.manifest }) });
  process.stdout.write(`Started ${arn}\nIf it fails or is stopped, go on with --resume ${arn}\n`);
}
