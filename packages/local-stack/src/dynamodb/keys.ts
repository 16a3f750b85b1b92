import { crc32 } from 'node:zlib';
import { encodeNumber } from './decimals.ts';
import { invalid } from './errors.ts';
import { type Item, parameterError, typeOf, type Value } from './values.ts';

export type KeyType = 'S' | 'N' | 'B';

/** Of a table or an index. */
export interface KeySchema {
  hash: string;
  range?: string | undefined;
}

/** A global secondary index. */
export interface Index {
  name: string;
  schema: KeySchema;
  /** Names that it holds besides the keys; all if absent. */
  included?: readonly string[];
}

/** Where a row lies: partitions in an order that has nothing to do with their names, within one by the sort key. */
export interface Key {
  partition: Uint8Array;
  /** Empty if there is no sort key. */
  sort: Uint8Array;
}

const MAX_HASH_BYTES = 2048;
const MAX_RANGE_BYTES = 1024;

export function namesOf({ hash, range }: KeySchema): string[] {
  return range === undefined ? [hash] : [hash, range];
}

/** @throws {DynamoDbError} if the item lacks its key, or it has a wrong type or size. */
export function keyOfItem(schema: KeySchema, types: Readonly<Record<string, KeyType>>, item: Item): Key {
  for (const name of namesOf(schema)) {
    const value = item[name];
    if (!value) throw parameterError(`Missing the key ${name} in the item`);
    const type = typeOf(value);
    if (type === types[name]) continue;
    throw parameterError(`Type mismatch for key ${name} expected: ${types[name]} actual: ${type}`);
  }
  return encodeKey(schema, item);
}

/** Of a request that names an item: the key's attributes, and no others. */
export function keyOfRequest(schema: KeySchema, types: Readonly<Record<string, KeyType>>, given: Item): Key {
  const names = namesOf(schema);
  const isKey =
    Object.keys(given).length === names.length &&
    names.every((name) => given[name] && typeOf(given[name]) === types[name]);
  if (!isKey) throw invalid('The provided key element does not match the schema');
  return encodeKey(schema, given);
}

/** @returns an item's key in an index; undefined if it lacks one of its attributes, so isn't in the index. */
export function keyInIndex(
  schema: KeySchema,
  types: Readonly<Record<string, KeyType>>,
  item: Item,
  indexName: string,
): Key | undefined {
  for (const name of namesOf(schema)) {
    const value = item[name];
    if (!value) continue;
    const type = typeOf(value);
    if (type !== types[name]) {
      throw parameterError(
        `Type mismatch for Index Key ${name} Expected: ${types[name]} Actual: ${type} IndexName: ${indexName}`,
      );
    }
    if (encodeKeyValue(value).length > 0) continue;
    throw invalid(
      'One or more parameter values are not valid. A value specified for a secondary index key is not supported. The ' +
        `AttributeValue for a key attribute cannot contain an empty string value. IndexName: ${indexName}, IndexKey: ${name}`,
    );
  }
  return namesOf(schema).every((name) => item[name]) ? encodeKey(schema, item) : undefined;
}

export function encodePartition(value: Value): Buffer {
  const bytes = encodeKeyValue(value);
  const hash = Buffer.alloc(4);
  hash.writeUInt32BE(crc32(bytes));
  return Buffer.concat([hash, bytes]);
}

/** How many values a partition's hash has. */
const HASHES = 2 ** 32;

/**
 * Where one of so many equal parts of all partitions lies.
 *
 * @returns `to` is the first beyond it; absent of the last.
 */
export function partitionsOf(segment: number, total: number): { from: Buffer; to?: Buffer } {
  const boundary = (number: number) => {
    const hash = Buffer.alloc(4);
    hash.writeUInt32BE(Math.floor((number * HASHES) / total));
    return hash;
  };
  return { from: boundary(segment), ...(segment + 1 < total && { to: boundary(segment + 1) }) };
}

/** In the order of the values of one type. */
export function encodeKeyValue({ S, N, B }: Value): Buffer {
  if (S !== undefined) return Buffer.from(S);
  return N !== undefined ? encodeNumber(N) : Buffer.from(B!, 'base64');
}

function encodeKey({ hash, range }: KeySchema, item: Item): Key {
  const partition = encodePartition(item[hash]!);
  const sort = range === undefined ? Buffer.alloc(0) : encodeKeyValue(item[range]!);
  checkEmpty(hash, partition.length === 4);
  if (range !== undefined) checkEmpty(range, sort.length === 0);
  if (partition.length - 4 > MAX_HASH_BYTES) {
    throw parameterError(`Size of hashkey has exceeded the maximum size limit of${MAX_HASH_BYTES} bytes`);
  }
  if (sort.length > MAX_RANGE_BYTES) {
    throw parameterError(`Aggregated size of all range keys has exceeded the size limit of ${MAX_RANGE_BYTES} bytes`);
  }
  return { partition, sort };
}

function checkEmpty(name: string, isEmpty: boolean): void {
  if (!isEmpty) return;
  throw invalid(
    `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
  );
}
