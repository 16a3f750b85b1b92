import { createHash } from 'node:crypto';
import type { QueueSettings } from './attributes.ts';
import { invalidValue, SqsError } from './errors.ts';
import type { Input } from './inputs.ts';
import {
  checkCharacters,
  checkMessageAttributes,
  digestAttributes,
  type MessageAttributes,
  sizeAttributes,
} from './message-attributes.ts';
import type { NewMessage } from './messages.ts';

type Given = Omit<Input<'SendMessage'>, 'QueueUrl'>;

const MAX_DELAY_SECONDS = 900;
const GROUP_ID = /^[!-~]{1,128}$/;

/** A message as it was checked, and what its sender is told of it. */
export interface Outgoing {
  message: NewMessage;
  answer: { MD5OfMessageBody: string; MD5OfMessageAttributes?: string; MD5OfMessageSystemAttributes?: string };
}

/** @throws {SqsError} for what SQS refuses. */
export function checkMessage(given: Given, settings: QueueSettings): Outgoing {
  const { MessageBody, DelaySeconds, MessageGroupId } = given;
  if (MessageBody === '') {
    throw new SqsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  }
  checkCharacters(MessageBody);
  if (DelaySeconds !== undefined && !(DelaySeconds >= 0 && DelaySeconds <= MAX_DELAY_SECONDS)) {
    throw invalidValue('DelaySeconds', DelaySeconds, `DelaySeconds must be >= 0 and <= ${MAX_DELAY_SECONDS}.`);
  }
  if (MessageGroupId !== undefined && !GROUP_ID.test(MessageGroupId)) {
    throw invalidValue('MessageGroupId', MessageGroupId, 'It has 1 to 128 alphanumeric and punctuation characters.');
  }
  const attributes = checkMessageAttributes(given.MessageAttributes ?? {});
  const trace = checkMessageAttributes(presentOnly(given.MessageSystemAttributes ?? {}));
  const sizeBytes = measureMessage(given);
  if (sizeBytes > settings.MaximumMessageSize) {
    const reason = `Message must be shorter than ${settings.MaximumMessageSize} bytes.`;
    throw new SqsError('InvalidParameterValue', `One or more parameters are invalid. Reason: ${reason}`);
  }
  const systemAttributes = {
    ...(trace.AWSTraceHeader && { AWSTraceHeader: trace.AWSTraceHeader.StringValue! }),
    ...(MessageGroupId !== undefined && { MessageGroupId }),
  };
  const digest = digestAttributes(attributes);
  const systemDigest = digestAttributes(trace);
  return {
    message: {
      body: MessageBody,
      attributes: isEmpty(attributes) ? undefined : attributes,
      systemAttributes: isEmpty(systemAttributes) ? undefined : systemAttributes,
      delaySeconds: DelaySeconds,
    },
    answer: {
      MD5OfMessageBody: md5(MessageBody),
      ...(digest !== undefined && { MD5OfMessageAttributes: digest }),
      ...(systemDigest !== undefined && { MD5OfMessageSystemAttributes: systemDigest }),
    },
  };
}

/** @returns bytes of the body and the attributes, as SQS counts a message. */
export function measureMessage({ MessageBody, MessageAttributes = {} }: Given): number {
  return Buffer.byteLength(MessageBody) + sizeAttributes(MessageAttributes as MessageAttributes);
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}

function presentOnly<Value>(object: Readonly<Record<string, Value | undefined>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(object).filter((entry): entry is [string, Value] => entry[1] !== undefined));
}
