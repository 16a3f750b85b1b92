/**
 * The protocol of older SDKs: parameters as a form, answers in XML.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html
 */
import { SqsError } from './errors.ts';

type Tree = { [name: string]: Tree } | string;

const NAMESPACE = 'http://queue.amazonaws.com/doc/2012-11-05/';

/** Lists by the name of their items, `Name.1`, `Name.2`. */
const LISTS: Readonly<Record<string, string>> = {
  AttributeName: 'AttributeNames',
  MessageAttributeName: 'MessageAttributeNames',
  MessageSystemAttributeName: 'MessageSystemAttributeNames',
  TagKey: 'TagKeys',
  SendMessageBatchRequestEntry: 'Entries',
  DeleteMessageBatchRequestEntry: 'Entries',
  ChangeMessageVisibilityBatchRequestEntry: 'Entries',
};
/** Maps by the name of their entries, each `Name.1.KEY` and `Name.1.Value`. */
const MAPS: Readonly<Record<string, { to: string; key: string }>> = {
  Attribute: { to: 'Attributes', key: 'Name' },
  MessageAttribute: { to: 'MessageAttributes', key: 'Name' },
  MessageSystemAttribute: { to: 'MessageSystemAttributes', key: 'Name' },
  Tag: { to: 'Tags', key: 'Key' },
};
const NUMBERS = new Set([
  'DelaySeconds',
  'MaxNumberOfMessages',
  'MaxNumberOfMessagesPerSecond',
  'MaxResults',
  'VisibilityTimeout',
  'WaitTimeSeconds',
]);
/** Parameters of the protocol, not of an operation. */
const COMMON = /^(Action|Version|Timestamp|Expires|AWSAccessKeyId|Signature.*|SecurityToken|X-Amz-.*)$/i;

/** Reads a form as the JSON protocol would have the same request. */
export function readForm(form: URLSearchParams): { action: string; input: Record<string, unknown> } {
  const action = form.get('Action') ?? '';
  const tree: Tree = {};
  for (const [name, value] of form) if (!COMMON.test(name)) plant(tree, name.split('.'), value);
  const input = readNode(tree) as Record<string, unknown>;
  // The only operation that names its tags in lower case.
  const { Tags, ...rest } = input;
  return { action, input: action === 'CreateQueue' && Tags !== undefined ? { ...rest, tags: Tags } : input };
}

function plant(tree: Tree, [name, ...rest]: string[], value: string): void {
  if (typeof tree === 'string' || name === undefined || name === '__proto__' || (rest.length === 0 && name in tree)) {
    throw new SqsError('InvalidParameterValue', 'A parameter is there twice, or has both a value and parts.');
  }
  if (rest.length === 0) tree[name] = value;
  else {
    tree[name] ??= {};
    plant(tree[name], rest, value);
  }
}

function readNode(node: Tree): unknown {
  if (typeof node === 'string') return node;
  return Object.fromEntries(
    Object.entries(node).map(([name, child]): [string, unknown] => {
      const list = LISTS[name];
      const map = MAPS[name];
      if (list !== undefined) return [list, inOrder(child).map(readNode)];
      if (map) return [map.to, Object.fromEntries(inOrder(child).map((entry) => readEntry(entry, map.key)))];
      if (NUMBERS.has(name) && typeof child === 'string') return [name, child === '' ? child : Number(child)];
      return [name, readNode(child)];
    }),
  );
}

function inOrder(node: Tree): Tree[] {
  if (typeof node === 'string') return [node];
  const byNumber = Object.entries(node).sort(([a], [b]) => Number(a) - Number(b));
  return byNumber.map(([, item]) => item);
}

function readEntry(entry: Tree, key: string): [string, unknown] {
  const { [key]: name, Value } = entry as { [name: string]: Tree };
  if (typeof name === 'string' && Value !== undefined) return [name, readNode(Value)];
  throw new SqsError('MissingParameter', `The request must contain the parameter ${key} and a Value.`);
}

/** Items of lists and entries of maps in an answer, by the list's name. */
const ITEM_NAMES: Readonly<Record<string, string>> = {
  QueueUrls: 'QueueUrl',
  queueUrls: 'QueueUrl',
  Messages: 'Message',
  Attributes: 'Attribute',
  MessageAttributes: 'MessageAttribute',
  Tags: 'Tag',
  Failed: 'BatchResultErrorEntry',
};

/** @returns the answer of an operation, in XML. */
export function writeResult(action: string, result: object, requestId: string): string {
  const itemNames: Record<string, string> = {
    ...ITEM_NAMES,
    Successful: `${action}ResultEntry`,
    Results: `${action}ResultEntry`,
  };
  const write = (name: string, value: unknown): string => {
    const item = itemNames[name];
    if (Array.isArray(value)) return value.map((each) => write(item!, each)).join('');
    if (typeof value !== 'object' || value === null) return element(name, escapeText(String(value)));
    if (item !== undefined) {
      const key = item === 'Tag' ? 'Key' : 'Name';
      return Object.entries(value)
        .map(([k, v]) => element(item, element(key, escapeText(k)) + write('Value', v)))
        .join('');
    }
    return element(name, writeAll(value));
  };
  const writeAll = (object: object) =>
    Object.entries(object)
      .map(([name, value]) => write(name, value))
      .join('');
  return document(
    `${action}Response`,
    element(`${action}Result`, writeAll(result)) + element('ResponseMetadata', element('RequestId', requestId)),
  );
}

/** @returns what the older protocol answers in place of a result. */
export function writeError(code: string, message: string, type: 'Sender' | 'Receiver', requestId: string): string {
  const error = element('Type', type) + element('Code', code) + element('Message', escapeText(message));
  return document('ErrorResponse', element('Error', `${error}<Detail/>`) + element('RequestId', requestId));
}

function document(name: string, content: string): string {
  return `<?xml version="1.0"?><${name} xmlns="${NAMESPACE}">${content}</${name}>`;
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

/** A carriage return has to be named: XML reads a bare one as a newline. */
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => ESCAPES[character]!);
}
