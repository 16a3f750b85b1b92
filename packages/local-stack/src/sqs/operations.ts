import type { DatabaseSync } from 'node:sqlite';
import { ACCOUNT } from '../constants.ts';
import { transact } from '../sqlite.ts';
import { describeSettings, pickAttributes } from './attributes.ts';
import { forEachEntry } from './batch.ts';
import { invalidValue, SqsError } from './errors.ts';
import { checkSystemNames, describeMessage } from './incoming.ts';
import type { Input, Operation } from './inputs.ts';
import type { Messages } from './messages.ts';
import type { MoveTasks } from './move-tasks.ts';
import { checkMessage, measureMessage } from './outgoing.ts';
import { paginate } from './pages.ts';
import type { Queue, Queues } from './queues.ts';

export interface Service {
  database: DatabaseSync;
  queues: Queues;
  messages: Messages;
  moveTasks: MoveTasks;
  now: () => number;
  urlOf: (queue: Queue) => string;
  /** When each queue was purged last, by its id. */
  purges: Map<number, number>;
}

type Handlers = {
  [Name in Operation]: (service: Service, input: Input<Name>, signal: AbortSignal) => object | Promise<object>;
};

const MAX_BATCH_BYTES = 1_048_576;
const MAX_VISIBILITY_SECONDS = 43_200;
const PURGE_INTERVAL_MS = 60_000;
const NOTHING = {};

/** What each operation does. */
export const HANDLERS: Handlers = {
  CreateQueue: ({ queues, urlOf }, { QueueName, Attributes, tags }) => ({
    QueueUrl: urlOf(queues.create(QueueName, Attributes, tags)),
  }),

  GetQueueUrl: ({ queues, urlOf }, { QueueName, QueueOwnerAWSAccountId = ACCOUNT }) => ({
    QueueUrl: urlOf(queues.get(QueueOwnerAWSAccountId === ACCOUNT ? QueueName : '')),
  }),

  ListQueues: ({ queues, urlOf }, { QueueNamePrefix, ...page }) => {
    const { items, next } = paginate(
      queues.all().filter(({ name }) => name.startsWith(QueueNamePrefix)),
      page,
    );
    return { ...(items.length > 0 && { QueueUrls: items.map(urlOf) }), ...next };
  },

  ListDeadLetterSourceQueues: (service, { QueueUrl, ...page }) => {
    const { items, next } = paginate(service.queues.sources(findQueue(service, QueueUrl)), page);
    return { queueUrls: items.map(service.urlOf), ...next };
  },

  DeleteQueue: (service, { QueueUrl }) => {
    const queue = findQueue(service, QueueUrl);
    service.queues.remove(queue);
    service.messages.arrivals.announce(queue.id);
    return NOTHING;
  },

  PurgeQueue: (service, { QueueUrl }) => {
    const queue = findQueue(service, QueueUrl);
    const now = service.now();
    if (now - (service.purges.get(queue.id) ?? -Infinity) < PURGE_INTERVAL_MS) {
      throw new SqsError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${queue.name} is allowed every ${PURGE_INTERVAL_MS / 1000} seconds.`,
      );
    }
    service.messages.purge(queue);
    service.purges.set(queue.id, now);
    return NOTHING;
  },

  GetQueueAttributes: (service, { QueueUrl, AttributeNames }) => {
    const queue = findQueue(service, QueueUrl);
    const { visible, inFlight, delayed } = service.messages.count(queue);
    const all = {
      ...describeSettings(queue.attributes, queue.settings),
      QueueArn: queue.arn,
      CreatedTimestamp: String(Math.floor(queue.createdMs / 1000)),
      LastModifiedTimestamp: String(Math.floor(queue.modifiedMs / 1000)),
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ApproximateNumberOfMessagesDelayed: String(delayed),
    };
    const Attributes = pickAttributes(all, AttributeNames);
    return AttributeNames.length > 0 ? { Attributes } : NOTHING;
  },

  SetQueueAttributes: (service, { QueueUrl, Attributes }) => {
    service.queues.setAttributes(findQueue(service, QueueUrl), Attributes);
    return NOTHING;
  },

  ListQueueTags: (service, { QueueUrl }) => {
    const { tags } = findQueue(service, QueueUrl);
    return Object.keys(tags).length > 0 ? { Tags: tags } : NOTHING;
  },

  TagQueue: (service, { QueueUrl, Tags }) => {
    const queue = findQueue(service, QueueUrl);
    service.queues.setTags(queue, { ...queue.tags, ...Tags });
    return NOTHING;
  },

  UntagQueue: (service, { QueueUrl, TagKeys }) => {
    const queue = findQueue(service, QueueUrl);
    const left = Object.entries(queue.tags).filter(([key]) => !TagKeys.includes(key));
    service.queues.setTags(queue, Object.fromEntries(left));
    return NOTHING;
  },

  SendMessage: (service, { QueueUrl, ...given }) => send(service, findQueue(service, QueueUrl), given),

  SendMessageBatch: (service, { QueueUrl, Entries }) => {
    const queue = findQueue(service, QueueUrl);
    const sizeBytes = Entries.reduce((sum, entry) => sum + measureMessage(entry), 0);
    if (sizeBytes > MAX_BATCH_BYTES) {
      throw new SqsError(
        'BatchRequestTooLong',
        `Batch requests cannot be longer than ${MAX_BATCH_BYTES} bytes. You have sent ${sizeBytes} bytes.`,
      );
    }
    return transact(service.database, () =>
      forEachEntry('SendMessageBatchRequestEntry', Entries, ({ Id: _, ...given }) => send(service, queue, given)),
    );
  },

  ReceiveMessage: async (service, input, signal) => {
    const { QueueUrl, MaxNumberOfMessages: count, AttributeNames, MessageSystemAttributeNames } = input;
    const queue = findQueue(service, QueueUrl);
    const { VisibilityTimeout: visibilitySeconds = queue.settings.VisibilityTimeout } = input;
    const { WaitTimeSeconds = queue.settings.ReceiveMessageWaitTimeSeconds } = input;
    checkRange('MaxNumberOfMessages', count, 1, 10);
    checkRange('WaitTimeSeconds', WaitTimeSeconds, 0, 20);
    checkRange('VisibilityTimeout', visibilitySeconds, 0, MAX_VISIBILITY_SECONDS);
    const system = [...AttributeNames, ...MessageSystemAttributeNames];
    const waitMs = WaitTimeSeconds * 1000;
    checkSystemNames(system);
    const received = await service.messages.await(queue, { count, visibilitySeconds, waitMs }, signal);
    if (received.length === 0) return NOTHING;
    return { Messages: received.map((message) => describeMessage(message, system, input.MessageAttributeNames)) };
  },

  DeleteMessage: (service, { QueueUrl, ReceiptHandle }) => {
    service.messages.delete(findQueue(service, QueueUrl), ReceiptHandle);
    return NOTHING;
  },

  DeleteMessageBatch: (service, { QueueUrl, Entries }) => {
    const queue = findQueue(service, QueueUrl);
    return transact(service.database, () =>
      forEachEntry('DeleteMessageBatchRequestEntry', Entries, ({ ReceiptHandle }) => {
        service.messages.delete(queue, ReceiptHandle);
        return NOTHING;
      }),
    );
  },

  ChangeMessageVisibility: (service, { QueueUrl, ReceiptHandle, VisibilityTimeout }) => {
    changeVisibility(service, findQueue(service, QueueUrl), ReceiptHandle, VisibilityTimeout);
    return NOTHING;
  },

  ChangeMessageVisibilityBatch: (service, { QueueUrl, Entries }) => {
    const queue = findQueue(service, QueueUrl);
    return transact(service.database, () =>
      forEachEntry('ChangeMessageVisibilityBatchRequestEntry', Entries, ({ ReceiptHandle, VisibilityTimeout }) => {
        changeVisibility(service, queue, ReceiptHandle, VisibilityTimeout);
        return NOTHING;
      }),
    );
  },

  StartMessageMoveTask: ({ moveTasks }, { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: perSecond }) => {
    if (perSecond !== undefined) checkRange('MaxNumberOfMessagesPerSecond', perSecond, 1, 500);
    return { TaskHandle: moveTasks.start(SourceArn, DestinationArn, perSecond) };
  },

  ListMessageMoveTasks: ({ moveTasks }, { SourceArn, MaxResults }) => {
    checkRange('MaxResults', MaxResults, 1, 10);
    const Results = moveTasks.list(SourceArn, MaxResults).map((task) => ({
      ...(task.status === 'RUNNING' && { TaskHandle: task.handle }),
      Status: task.status,
      SourceArn: task.source_arn,
      ...(task.destination_arn !== null && { DestinationArn: task.destination_arn }),
      ...(task.per_second !== null && { MaxNumberOfMessagesPerSecond: task.per_second }),
      ApproximateNumberOfMessagesMoved: task.moved,
      ApproximateNumberOfMessagesToMove: task.to_move,
      ...(task.failure !== null && { FailureReason: task.failure }),
      StartedTimestamp: task.started_ms,
    }));
    return { Results };
  },

  CancelMessageMoveTask: ({ moveTasks }, { TaskHandle }) => ({
    ApproximateNumberOfMessagesMoved: moveTasks.cancel(TaskHandle),
  }),
};

const URL_PATH = /^https?:\/\/[^/]+\/(\d{12})\/([\w.-]+)$/;

function findQueue({ queues }: Service, url: string): Queue {
  const [, account, name] = URL_PATH.exec(url) ?? [];
  if (name === undefined) throw new SqsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`);
  return queues.get(account === ACCOUNT ? name : '');
}

function send(
  { messages }: Service,
  queue: Queue,
  given: Omit<Input<'SendMessage'>, 'QueueUrl'>,
): { MessageId: string } {
  const { message, answer } = checkMessage(given, queue.settings);
  return { MessageId: messages.send(queue, message), ...answer };
}

function changeVisibility({ messages }: Service, queue: Queue, handle: string, seconds: number): void {
  checkRange('VisibilityTimeout', seconds, 0, MAX_VISIBILITY_SECONDS);
  messages.changeVisibility(queue, handle, seconds);
}

function checkRange(parameter: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw invalidValue(parameter, value, `Must be between ${least} and ${most}, if provided.`);
}
