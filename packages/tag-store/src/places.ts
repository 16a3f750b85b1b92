import { createHash } from 'node:crypto';
import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Fingerprint } from '@tagmill/core';
import { dynamoCall } from './errors.ts';
import { allShards, outcomePartition } from './keys.ts';
import { TABLE_SCHEMA } from './table-schema.ts';
import type { TagStoreOptions } from './types.ts';

/**
 * Where an image lies in its space, as the index `by-outcome` keeps it: a sign of the space, then the embedding. Raw, though coded it
 * would be a quarter shorter: decoding takes 30 microseconds, and who reads a million of them would wait for half a minute.
 */
export type StoredPlace = Uint8Array;

/** Of an image that the index lists. */
export interface ImagePlace {
  id: string;
  /** {@link signSpace} of its space. */
  spaceSign: number;
  embedding: Int8Array;
}

const SIGN_BYTES = 2;

/** Tells spaces apart in two bytes. Two spaces may share one, so who goes by it must look at the record. */
export function signSpace(space: string): number {
  return createHash('sha256').update(space).digest().readUInt16BE();
}

/** Undefined without an embedding. */
export function packPlace({ space, embedding }: Partial<Fingerprint>): StoredPlace | undefined {
  if (space === undefined || embedding === undefined) return undefined;
  const sign = Buffer.alloc(SIGN_BYTES);
  sign.writeUInt16BE(signSpace(space));
  return Buffer.concat([sign, Buffer.from(embedding, 'base64')]);
}

/** The same fingerprint with the embedding that {@link packPlace} packed. */
export function withPlace(fingerprint: Fingerprint, place: StoredPlace): Fingerprint {
  return { ...fingerprint, embedding: Buffer.from(place.subarray(SIGN_BYTES)).toString('base64') };
}

/** The lists that the index keeps images with embeddings in. They can be read side by side. */
export const PLACE_LISTS: readonly string[] = ['tagged', 'empty'].flatMap((outcome) =>
  allShards().map((shard) => outcomePartition(outcome, shard)),
);

export interface ReadPlacesOptions {
  /** One of {@link PLACE_LISTS}. */
  list: string;
  /** Only images that were tagged at this time or later, ISO 8601; all if empty. */
  since: string;
  /** Where the page before ended. */
  after?: PlacePosition | undefined;
}

/** Where to go on in a list. */
export type PlacePosition = NonNullable<QueryCommandInput['ExclusiveStartKey']>;

/**
 * Where some images lie, the first tagged first: a megabyte of the index, some 2,000 images, for 128 read units.
 *
 * @returns those that have an embedding; and where to go on, absent at the end.
 * @throws {TagmillError} of DynamoDB.
 */
export async function readPlaces(
  { client, tableName }: TagStoreOptions,
  { list, since, after }: ReadPlacesOptions,
): Promise<{ places: ImagePlace[]; next?: PlacePosition }> {
  const command = new QueryCommand({
    TableName: tableName,
    IndexName: TABLE_SCHEMA.indexes[0].name,
    KeyConditionExpression: 'outcomePk = :list AND outcomeSk >= :since',
    // A key is never empty, so this is before all.
    ExpressionAttributeValues: { ':list': list, ':since': since === '' ? '0' : since },
    ProjectionExpression: 'outcomeSk, facts[1]',
    ExclusiveStartKey: after,
  });
  const { Items = [], LastEvaluatedKey } = await dynamoCall(() => client.send(command));
  const places = Items.flatMap(({ outcomeSk, facts }) => {
    const [place] = (facts ?? []) as StoredPlace[];
    return place ? [unpackPlace(outcomeSk.slice(outcomeSk.lastIndexOf('#') + 1), place)] : [];
  });
  return { places, ...(LastEvaluatedKey && { next: LastEvaluatedKey }) };
}

function unpackPlace(id: string, place: StoredPlace): ImagePlace {
  const bytes = Buffer.from(place.buffer, place.byteOffset, place.length);
  return {
    id,
    spaceSign: bytes.readUInt16BE(),
    embedding: new Int8Array(place.buffer, place.byteOffset + SIGN_BYTES, place.length - SIGN_BYTES),
  };
}
