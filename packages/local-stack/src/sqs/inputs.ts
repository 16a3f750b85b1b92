import { z } from 'zod';
import { SqsError } from './errors.ts';
import { messageAttribute, messageAttributes } from './message-attributes.ts';

const text = z.string();
const whole = z.number().int();
const texts = z.array(text).default([]);
const textMap = z.record(text, text);
const queueUrl = { QueueUrl: text };

const message = {
  MessageBody: text,
  DelaySeconds: whole.optional(),
  MessageAttributes: messageAttributes.optional(),
  MessageSystemAttributes: z.strictObject({ AWSTraceHeader: messageAttribute.optional() }).optional(),
  MessageGroupId: text.optional(),
};
const entryId = { Id: text };
const receipt = { ReceiptHandle: text };

/** What each operation takes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html */
export const INPUTS = {
  CancelMessageMoveTask: z.strictObject({ TaskHandle: text }),
  ChangeMessageVisibility: z.strictObject({ ...queueUrl, ...receipt, VisibilityTimeout: whole }),
  ChangeMessageVisibilityBatch: z.strictObject({
    ...queueUrl,
    Entries: z.array(z.strictObject({ ...entryId, ...receipt, VisibilityTimeout: whole })),
  }),
  CreateQueue: z.strictObject({ QueueName: text, Attributes: textMap.default({}), tags: textMap.default({}) }),
  DeleteMessage: z.strictObject({ ...queueUrl, ...receipt }),
  DeleteMessageBatch: z.strictObject({ ...queueUrl, Entries: z.array(z.strictObject({ ...entryId, ...receipt })) }),
  DeleteQueue: z.strictObject(queueUrl),
  GetQueueAttributes: z.strictObject({ ...queueUrl, AttributeNames: texts }),
  GetQueueUrl: z.strictObject({ QueueName: text, QueueOwnerAWSAccountId: text.optional() }),
  ListDeadLetterSourceQueues: z.strictObject({
    ...queueUrl,
    MaxResults: whole.optional(),
    NextToken: text.optional(),
  }),
  ListMessageMoveTasks: z.strictObject({ SourceArn: text, MaxResults: whole.default(1) }),
  ListQueueTags: z.strictObject(queueUrl),
  ListQueues: z.strictObject({
    QueueNamePrefix: text.default(''),
    MaxResults: whole.optional(),
    NextToken: text.optional(),
  }),
  PurgeQueue: z.strictObject(queueUrl),
  ReceiveMessage: z.strictObject({
    ...queueUrl,
    AttributeNames: texts,
    MessageSystemAttributeNames: texts,
    MessageAttributeNames: texts,
    MaxNumberOfMessages: whole.default(1),
    VisibilityTimeout: whole.optional(),
    WaitTimeSeconds: whole.optional(),
  }),
  SendMessage: z.strictObject({ ...queueUrl, ...message }),
  SendMessageBatch: z.strictObject({ ...queueUrl, Entries: z.array(z.strictObject({ ...entryId, ...message })) }),
  SetQueueAttributes: z.strictObject({ ...queueUrl, Attributes: textMap }),
  StartMessageMoveTask: z.strictObject({
    SourceArn: text,
    DestinationArn: text.optional(),
    MaxNumberOfMessagesPerSecond: whole.optional(),
  }),
  TagQueue: z.strictObject({ ...queueUrl, Tags: textMap }),
  UntagQueue: z.strictObject({ ...queueUrl, TagKeys: z.array(text) }),
} as const;

export type Operation = keyof typeof INPUTS;
export type Input<Name extends Operation> = z.output<(typeof INPUTS)[Name]>;

/** SQS has them, and they mean nothing where nobody signs in. */
const PERMISSIONS = ['AddPermission', 'RemovePermission'];
/** Parameters of FIFO queues. */
const FIFO = ['MessageDeduplicationId', 'ReceiveRequestAttemptId'];

/** @throws {SqsError} that names an operation which isn't known here. */
export function checkOperation(name: string): Operation {
  if (Object.hasOwn(INPUTS, name)) return name as Operation;
  if (PERMISSIONS.includes(name)) {
    throw new SqsError('UnsupportedOperation', `${name} is not emulated: there are no permissions here`);
  }
  throw new SqsError('InvalidAction', `The action ${name} is not valid for this endpoint.`);
}

/** @throws {SqsError} that names the parameter which is missing, wrong or unknown. */
export function parseInput<Name extends Operation>(operation: Name, input: unknown): Input<Name> {
  const parsed = INPUTS[operation].safeParse(input);
  if (parsed.success) return parsed.data as Input<Name>;
  const issue = parsed.error.issues[0]!;
  const parameter = issue.path.join('.') || 'the request';
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys as [string];
    if (FIFO.includes(key)) throw new SqsError('UnsupportedOperation', `FIFO queues are not emulated: ${key}`);
    throw new SqsError('UnsupportedOperation', `${operation} is not known to have ${[...issue.path, key].join('.')}`);
  }
  if (issue.code === 'invalid_type' && isAbsent(input, issue.path)) {
    throw new SqsError('MissingParameter', `The request must contain the parameter ${parameter}.`);
  }
  throw new SqsError('InvalidParameterValue', `${parameter}: ${issue.message}`);
}

function isAbsent(input: unknown, path: readonly PropertyKey[]): boolean {
  return path.reduce((value: unknown, key) => (value as Record<PropertyKey, unknown> | null)?.[key], input) == null;
}
