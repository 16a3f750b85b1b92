import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SqsError } from './errors.ts';

export const messageAttribute = z.object({
  DataType: z.string().optional(),
  StringValue: z.string().nullish(),
  /** In base64, in both protocols. */
  BinaryValue: z.base64().nullish(),
});
export const messageAttributes = z.record(z.string(), messageAttribute);

export interface MessageAttribute {
  DataType: string;
  StringValue?: string;
  BinaryValue?: string;
}
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const MAX_COUNT = 10;
const NAME = /^(?!aws\.|amazon\.)(?!\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i;
const DATA_TYPE = /^(String|Number|Binary)(\.\P{Cc}+)?$/u;
const MAX_DATA_TYPE_LENGTH = 256;

/**
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 *
 * @throws {SqsError} `InvalidParameterValue`, naming the attribute.
 */
export function checkMessageAttributes(given: z.output<typeof messageAttributes>): MessageAttributes {
  const entries = Object.entries(given);
  if (entries.length > MAX_COUNT) {
    throw invalid(`Number of message attributes [${entries.length}] exceeds the allowed maximum [${MAX_COUNT}].`);
  }
  return Object.fromEntries(entries.map(([name, attribute]) => [name, checkAttribute(name, attribute)]));
}

function checkAttribute(name: string, given: z.output<typeof messageAttribute>): MessageAttribute {
  const { DataType = '', StringValue, BinaryValue } = given;
  if (!NAME.test(name)) {
    throw invalid(
      `The message attribute name '${name}' can contain only A-Z, a-z, 0-9, underscore, hyphen and period, can't begin ` +
        "with 'AWS.' or 'Amazon.', and can't begin or end with a period or have two in succession.",
    );
  }
  const [, type] = DATA_TYPE.exec(DataType) ?? [];
  if (type === undefined || DataType.length > MAX_DATA_TYPE_LENGTH) {
    throw invalid(
      `The type of message attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  }
  const value = type === 'Binary' ? BinaryValue : StringValue;
  if (value === undefined || value === null || value === '') {
    throw invalid(`The message attribute '${name}' must contain a non-empty value for type '${type}'.`);
  }
  if (type === 'Binary') return { DataType, BinaryValue: value };
  if (type === 'Number' && !Number.isFinite(Number(value))) {
    throw invalid(`Can't cast the value of message attribute '${name}' to a number.`);
  }
  checkCharacters(value, `the value of message attribute '${name}'`);
  return { DataType, StringValue: value };
}

/** XML's characters: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** @throws {SqsError} `InvalidMessageContents`, naming the first character that isn't allowed. */
export function checkCharacters(text: string, where = 'the message body'): void {
  const [character] = FORBIDDEN.exec(text) ?? [];
  if (character === undefined) return;
  throw new SqsError(
    'InvalidMessageContents',
    `Invalid character '#x${character.codePointAt(0)!.toString(16)}' was found in ${where}, the set of allowed ` +
      'characters is #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
  );
}

/** Bytes that attributes add to a message: their names, types and values. */
export function sizeAttributes(attributes: MessageAttributes): number {
  return Object.entries(attributes)
    .flatMap(([name, { DataType, StringValue = '', BinaryValue = '' }]) => [
      Buffer.byteLength(name),
      Buffer.byteLength(DataType),
      Buffer.byteLength(StringValue),
      Buffer.byteLength(BinaryValue, 'base64'),
    ])
    .reduce((a, b) => a + b, 0);
}

/** The attributes that a receiver names: `All`, `prefix.*`, or by name. */
export function pickMessageAttributes(attributes: MessageAttributes, names: readonly string[]): MessageAttributes {
  if (names.includes('All') || names.includes('.*')) return attributes;
  const isWanted = (name: string) =>
    names.some((wanted) => (wanted.endsWith('.*') ? name.startsWith(wanted.slice(0, -2)) : name === wanted));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}

const STRING_TRANSPORT = 1;
const BINARY_TRANSPORT = 2;

/**
 * The digest that clients check: the attributes by name, each part behind its length.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 *
 * @returns in hexadecimal; undefined if there are no attributes.
 */
export function digestAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType, StringValue, BinaryValue } = attributes[name]!;
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    const isText = BinaryValue === undefined;
    hash.update(Buffer.of(isText ? STRING_TRANSPORT : BINARY_TRANSPORT));
    add(isText ? Buffer.from(StringValue!) : Buffer.from(BinaryValue, 'base64'));
  }
  return hash.digest('hex');
}

function invalid(message: string): SqsError {
  return new SqsError('InvalidParameterValue', message);
}
