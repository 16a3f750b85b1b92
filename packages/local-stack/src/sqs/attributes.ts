import { z } from 'zod';
import { invalidValue, SqsError } from './errors.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const NUMBERS = {
  DelaySeconds: { least: 0, most: 900, fallback: 0 },
  MaximumMessageSize: { least: 1024, most: 1_048_576, fallback: 1_048_576 },
  MessageRetentionPeriod: { least: 60, most: 1_209_600, fallback: 345_600 },
  ReceiveMessageWaitTimeSeconds: { least: 0, most: 20, fallback: 0 },
  VisibilityTimeout: { least: 0, most: 43_200, fallback: 30 },
} as const;
type NumberName = keyof typeof NUMBERS;

/** Kept and told as they were set. Only RedrivePolicy and RedriveAllowPolicy have an effect here. */
const TEXTS = [
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
] as const;
const FIFO = ['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'];

/** What can be read and not set. */
export const COUNT_NAMES = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;
const READ_ONLY = [...COUNT_NAMES, 'CreatedTimestamp', 'LastModifiedTimestamp', 'QueueArn'] as const;

/** A queue's attributes as they are set: only those that were. */
export type Attributes = Readonly<Record<string, string>>;

export interface RedrivePolicy {
  deadLetterTargetArn: string;
  maxReceiveCount: number;
}

/** What the attributes mean; those that aren't set have SQS's default. */
export type QueueSettings = Record<NumberName, number> & {
  redrivePolicy: RedrivePolicy | undefined;
  redriveAllowPolicy: z.output<typeof redriveAllowPolicy> | undefined;
};

const redrivePolicy = z.object({
  deadLetterTargetArn: z.string(),
  maxReceiveCount: z.coerce.number().int(),
});
const redriveAllowPolicy = z.object({
  redrivePermission: z.enum(['allowAll', 'denyAll', 'byQueue']),
  sourceQueueArns: z.array(z.string()).max(10).default([]),
});

/** @throws {SqsError} for an attribute that isn't known, can't be set, or has a value out of its range. */
export function parseSettings(attributes: Attributes): QueueSettings {
  for (const name of Object.keys(attributes)) {
    if (FIFO.includes(name)) throw new SqsError('UnsupportedOperation', `FIFO queues are not emulated: ${name}`);
    if (!(name in NUMBERS) && !(TEXTS as readonly string[]).includes(name)) throw unknownAttribute(name);
  }
  const number = (name: NumberName) => parseNumber(name, attributes[name]);
  return {
    DelaySeconds: number('DelaySeconds'),
    MaximumMessageSize: number('MaximumMessageSize'),
    MessageRetentionPeriod: number('MessageRetentionPeriod'),
    ReceiveMessageWaitTimeSeconds: number('ReceiveMessageWaitTimeSeconds'),
    VisibilityTimeout: number('VisibilityTimeout'),
    redrivePolicy: parseRedrivePolicy(attributes.RedrivePolicy),
    redriveAllowPolicy: parseJson('RedriveAllowPolicy', attributes.RedriveAllowPolicy, redriveAllowPolicy),
  };
}

/** An empty policy takes the one away that there is. */
export function mergeAttributes(old: Attributes, changes: Attributes): Attributes {
  return Object.fromEntries(Object.entries({ ...old, ...changes }).filter(([, value]) => value !== ''));
}

/**
 * Picks the attributes that a caller names.
 *
 * @param all what the queue has, all of it.
 * @throws {SqsError} `InvalidAttributeName` for a name that no queue has.
 */
export function pickAttributes(all: Attributes, names: readonly string[]): Attributes {
  const known = new Set<string>([...Object.keys(NUMBERS), ...TEXTS, ...READ_ONLY, ...FIFO, 'All']);
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) throw unknownAttribute(unknown);
  if (names.includes('All')) return all;
  return Object.fromEntries(names.flatMap((name) => (name in all ? [[name, all[name]!]] : [])));
}

/** What a queue tells of its settings: those that were set, and the defaults of the others. */
export function describeSettings(attributes: Attributes, settings: QueueSettings): Attributes {
  const numbers = Object.keys(NUMBERS).map((name) => [name, String(settings[name as NumberName])]);
  const encryption = 'KmsMasterKeyId' in attributes ? 'false' : 'true';
  return { SqsManagedSseEnabled: encryption, ...attributes, ...Object.fromEntries(numbers) };
}

function parseNumber(name: NumberName, text: string | undefined): number {
  const { least, most, fallback } = NUMBERS[name];
  if (text === undefined) return fallback;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new SqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}

function parseRedrivePolicy(text: string | undefined): RedrivePolicy | undefined {
  const policy = parseJson('RedrivePolicy', text, redrivePolicy);
  if (!policy) return undefined;
  const { maxReceiveCount } = policy;
  if (maxReceiveCount >= 1 && maxReceiveCount <= 1000) return policy;
  const range = 'valid values are from 1 to 1000 both inclusive.';
  throw invalidValue('RedrivePolicy', text, `Invalid value for maxReceiveCount: ${maxReceiveCount}, ${range}`);
}

function parseJson<Schema extends z.ZodType>(
  parameter: string,
  text: string | undefined,
  schema: Schema,
): z.output<Schema> | undefined {
  if (text === undefined || text === '') return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw invalidValue(parameter, text, 'Policy is not valid JSON.');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw invalidValue(parameter, text, `${path.join('.')}: ${message}.`);
}

function unknownAttribute(name: string): SqsError {
  return new SqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
}
