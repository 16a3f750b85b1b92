/**
 * Compares a bucket with a table by what docs/decisions/08-table.md says, and shares no code with the pipeline but to unpack what is
 * packed: a fault there can't hide itself here.
 */
import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { unpacked } from '../helpers/unpacked.ts';

export interface CheckOptions {
  s3: string;
  dynamodb: string;
  bucket: string;
  table: string;
  /** Digests of the bodies that have to be rejected as corrupt. */
  corrupt: ReadonlySet<string>;
}

export interface Verdict {
  objects: number;
  records: number;
  postings: number;
  byOutcome: Record<string, number>;
  /** What is wrong, a line each. */
  problems: string[];
}

/** As DynamoDB has it: what it holds is what is to be checked. */
type Item = Record<string, any> & { pk: string; sk: string };

interface TagOfRecord {
  name: string;
  confidence: number;
  parents?: string[];
}

const client = { region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };

/** Every object has its record and no other has, every record its postings and no other has, and is found by all its names. */
export async function check({ bucket, corrupt, ...where }: CheckOptions): Promise<Verdict> {
  const objects = await readBucket(where.s3, bucket);
  const items = await readTable(where.dynamodb, where.table);
  const byOutcome: Record<string, number> = {};
  const problems: string[] = [];
  const namesById = new Map<string, Names>();

  const images = items.filter(({ pk }) => pk.startsWith('I#'));
  const byKey = new Map<string, any>();
  for (const { pk, stale, record } of images) {
    if (stale) problems.push(`${pk}: left with old postings`);
    if (!record) continue;
    const { key } = record.image;
    if (byKey.has(key)) problems.push(`${key}: two records`);
    if (pk !== `I#${idOf(bucket, key)}`) problems.push(`${key}: its record lies at ${pk}`);
    byKey.set(key, record);
    byOutcome[record.outcome] = (byOutcome[record.outcome] ?? 0) + 1;
    namesById.set(idOf(bucket, key), namesOf(record));
    if (!objects.has(key)) problems.push(`${key}: a record of an object that is gone`);
  }
  for (const [key, { etag, sha256, versionId }] of objects) {
    const record = byKey.get(key);
    if (!record) {
      problems.push(`${key}: lost`);
      continue;
    }
    const { image } = record;
    if (image.etag !== etag || image.sha256 !== sha256 || versionOf(image.versionId) !== versionId)
      problems.push(`${key}: shows another version`);
    const isRight = corrupt.has(sha256)
      ? record.outcome === 'rejected' && record.reason === 'corrupt'
      : record.outcome === (record.tags.length > 0 ? 'tagged' : 'empty');
    if (!isRight) problems.push(`${key}: ${record.outcome} ${record.reason ?? ''} is wrong`);
  }
  const postings = items.filter(({ pk, dead }) => pk.startsWith('T#') && !dead);
  const listed = new Set(items.filter(({ pk }) => pk === 'B').map(({ sk }) => sk));
  problems.push(...faultsOfPostings(postings, namesById, listed));
  return { objects: objects.size, records: byKey.size, postings: postings.length, byOutcome, problems };
}

/** A posting lies at `T#tag`, `rank#image`; a name that is found through one below it is listed at `B`, `name#below`. */
function faultsOfPostings(
  postings: readonly Item[],
  namesById: ReadonlyMap<string, Names>,
  listed: ReadonlySet<string>,
): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const { pk, sk } of postings) {
    const tag = pk.slice('T#'.length);
    const [rank, id] = [sk.slice(0, sk.indexOf('#')), sk.slice(sk.indexOf('#') + 1)];
    const expectedRank = namesById.get(id)?.ranks.get(tag);
    if (expectedRank === undefined) faults.push(`posting ${pk} ${sk}: stale, its image's record wants none`);
    else if (expectedRank !== rank) faults.push(`posting ${pk} ${sk}: stale, it ranks ${expectedRank}`);
    seen.add(`${id} ${tag}`);
  }
  for (const [id, { ranks, through }] of namesById) {
    for (const tag of ranks.keys()) if (!seen.has(`${id} ${tag}`)) faults.push(`${id}: no posting of ${tag}`);
    for (const pair of through) if (!listed.has(pair)) faults.push(`${id}: ${pair} is not listed`);
  }
  return faults;
}

interface Names {
  /** Of those that have a posting, in lower case. */
  ranks: Map<string, string>;
  /** `name#below` of the others. */
  through: string[];
}

/** The names that find a record: a name above another one is found through the lower one. */
function namesOf({ tags, broader }: { tags: TagOfRecord[]; broader: TagOfRecord[] }): Names {
  const isAbove = ({ name }: TagOfRecord, { parents = [] }: TagOfRecord) => parents.includes(name);
  const lowest = tags.filter((tag) => !tags.some((other) => isAbove(tag, other)));
  const posted = [...tags, ...broader].filter((each) => !lowest.some((tag) => isAbove(each, tag)));
  const rank = (confidence: number) => String(10_000 - Math.round(confidence * 10_000)).padStart(5, '0');
  return {
    ranks: new Map(posted.reverse().map(({ name, confidence }) => [name.toLowerCase(), rank(confidence)])),
    through: lowest.flatMap(({ name, parents = [] }) => parents.map((above) => `${above}#${name}`.toLowerCase())),
  };
}

function idOf(bucket: string, key: string): string {
  return createHash('sha256').update(`${bucket}\0${key}`).digest().subarray(0, 16).toString('base64url');
}

/** What was put before the bucket kept versions has none. */
function versionOf(versionId: string | undefined): string | undefined {
  return versionId === 'null' ? undefined : versionId;
}

interface ObjectNow {
  etag: string;
  sha256: string;
  /** In a bucket that keeps versions. */
  versionId: string | undefined;
}

async function readBucket(endpoint: string, Bucket: string): Promise<Map<string, ObjectNow>> {
  const s3 = new S3Client({ ...client, endpoint, forcePathStyle: true, maxAttempts: 10 });
  const objects = new Map<string, ObjectNow>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
    for (const { Key, ETag } of Contents) {
      const { Body, VersionId } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const sha256 = createHash('sha256')
        .update(await Body!.transformToByteArray())
        .digest('hex');
      objects.set(Key!, { etag: ETag!.replaceAll('"', ''), sha256, versionId: versionOf(VersionId) });
    }
  }
  return objects;
}

async function readTable(endpoint: string, TableName: string): Promise<Item[]> {
  const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient({ ...client, endpoint, maxAttempts: 10 }));
  const pages = await Array.fromAsync(paginateScan({ client: dynamodb }, { TableName, ConsistentRead: true }));
  return pages.flatMap(({ Items = [] }) => Items as Item[]).map(unpacked);
}
