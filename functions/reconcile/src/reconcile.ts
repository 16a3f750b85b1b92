import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { listFaults, TagmillError, validate } from '@tagmill/core';
import {
  BackfillQueue,
  openInventory,
  type ReconcileState,
  reconcileStateSchema,
  reconcileStep,
  S3ObjectStore,
  SqsQueue,
} from '@tagmill/pipeline';
import { systemClock } from '@tagmill/policy';
import { documentClient, findUnindexed, readRecordedImages, readStates, TagStore } from '@tagmill/tag-store';
import type { Context } from 'aws-lambda';
import * as v from 'valibot';
import { measureReport } from './observe.ts';
import type { Settings } from './settings.ts';

/** A page of objects or records takes a few seconds at most, and a throttled one longer. */
const CLOSING_MS = 60_000;

const name = v.pipe(v.string(), v.minLength(1));

const eventSchema = v.strictObject({
  /** Instead of the stack's. */
  graceSeconds: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  /** Where the manifest is of an inventory, to be compared in place of the bucket's own listing. */
  inventory: v.optional(v.strictObject({ bucket: name, key: name })),
  /** That the step before ended in; absent at first. */
  state: v.optional(reconcileStateSchema, {}),
});

export type ReconcileEvent = v.InferOutput<typeof eventSchema>;

/**
 * Connects a step of the comparison to S3, SQS and DynamoDB.
 *
 * @returns a handler whose answer is the next step's event. It throws `invalid-argument` if the event is none.
 */
export function createReconcile(settings: Settings, { logger, metrics }: { logger: Logger; metrics: Metrics }) {
  const table = { client: documentClient(), tableName: settings.TABLE_NAME };
  const store = new TagStore(table);
  const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
  const queue = new SqsQueue({ client: sqs, queueUrl: settings.BACKFILL_QUEUE_URL });
  const options = {
    bucket: settings.BUCKET_NAME,
    prefix: settings.KEY_PREFIX,
    suffix: settings.KEY_SUFFIX,
    objects: new S3ObjectStore({ client: new S3Client({}) }),
    table: {
      states: (names: Parameters<typeof readStates>[1]) => readStates(table, names),
      findUnindexed: (states: Parameters<typeof findUnindexed>[1]) => findUnindexed(table, states),
      images: (after: Parameters<typeof readRecordedImages>[1]) => readRecordedImages(table, after),
      removeUnreadable: (id: string) => store.removeUnreadable(id, systemClock.now()),
    },
    clock: systemClock,
  };

  return async (given: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<ReconcileEvent> => {
    const event = parseEvent(given);
    const { graceSeconds = settings.GRACE_SECONDS } = event;
    const hasTime = () => context.getRemainingTimeInMillis() > CLOSING_MS;
    const inventory = event.inventory && (await openInventory(options.objects, event.inventory, options.bucket));
    const state = await stepUnlessBackfilling(event.state, queue, () =>
      reconcileStep(event.state, {
        ...options,
        ...(inventory && { inventory }),
        queue: new BackfillQueue({ queue }),
        graceSeconds,
        hasTime,
      }),
    );
    logger.info('compared', { ...state });
    if (state.phase === 'done' && !state.postponed) measureReport(state.report, metrics);
    return { ...event, state };
  };
}

/** Images that a backfill has enqueued would all be taken for lost ones, and enqueued again. */
async function stepUnlessBackfilling(
  state: ReconcileState,
  queue: SqsQueue,
  step: () => Promise<ReconcileState>,
): Promise<ReconcileState> {
  const isBeginning = state.phase === 'objects' && state.report.objects === 0 && state.waitSeconds === undefined;
  if (!isBeginning) return step();
  const { waiting, inFlight } = await queue.depth();
  return waiting + inFlight > 0 ? { ...state, phase: 'done', postponed: true } : step();
}

function parseEvent(given: unknown): ReconcileEvent {
  const result = validate(eventSchema, given);
  if (!result.issues) return result.value;
  throw new TagmillError('invalid-argument', `Not an event of reconcile: ${listFaults(result.issues).join('; ')}`, {
    cause: result.issues,
  });
}
