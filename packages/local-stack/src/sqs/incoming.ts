import { ACCOUNT } from '../constants.ts';
import { SqsError } from './errors.ts';
import { digestAttributes, pickMessageAttributes } from './message-attributes.ts';
import type { ReceivedMessage } from './messages.ts';
import { md5 } from './outgoing.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const SYSTEM_NAMES = new Set([
  'All',
  'SenderId',
  'SentTimestamp',
  'ApproximateReceiveCount',
  'ApproximateFirstReceiveTimestamp',
  'SequenceNumber',
  'MessageDeduplicationId',
  'MessageGroupId',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
]);

/** @throws {SqsError} `InvalidAttributeName` for a system attribute that no message has. */
export function checkSystemNames(names: readonly string[]): void {
  const unknown = names.find((name) => !SYSTEM_NAMES.has(name));
  if (unknown !== undefined) throw new SqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
}

/** @returns a message as its receiver sees it, with the system attributes and the message attributes that it asks for. */
export function describeMessage(
  message: ReceivedMessage,
  systemNames: readonly string[],
  attributeNames: readonly string[],
): object {
  const { id, receiptHandle, body, sourceArn } = message;
  const all: Record<string, string> = {
    SenderId: ACCOUNT,
    SentTimestamp: String(message.sentMs),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedMs),
    ...message.systemAttributes,
    ...(sourceArn !== undefined && { DeadLetterQueueSourceArn: sourceArn }),
  };
  const isWanted = systemNames.includes('All') ? () => true : (name: string) => systemNames.includes(name);
  const Attributes = Object.fromEntries(Object.entries(all).filter(([name]) => isWanted(name)));
  const MessageAttributes = pickMessageAttributes(message.attributes, attributeNames);
  const digest = digestAttributes(MessageAttributes);
  return {
    MessageId: id,
    ReceiptHandle: receiptHandle,
    MD5OfBody: md5(body),
    Body: body,
    ...(systemNames.length > 0 && { Attributes }),
    ...(digest !== undefined && { MessageAttributes, MD5OfMessageAttributes: digest }),
  };
}
