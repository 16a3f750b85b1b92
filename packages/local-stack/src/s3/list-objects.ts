import { ACCOUNT } from '../constants.ts';
import type { Database } from './database.ts';
import { S3Error } from './errors.ts';
import { type Cursor, cursorAfterMarker, justAfter, keyWriter, listPage, type Page } from './listing.ts';
import { type Answer, countParameter, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
import { toVersion, type Version, type VersionRow } from './versions.ts';
import { toXml, type XmlContent } from './xml.ts';

export const MAX_KEYS = 1000;

/** Everything here belongs to one owner. */
export const OWNER = { ID: ACCOUNT.padStart(64, '0'), DisplayName: 'local' };

export async function listObjects(request: S3Request, service: S3Service): Promise<Answer> {
  const { name } = service.buckets.require(request.bucket);
  const { query } = request;
  const write = keyWriter(request);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const marker = query.get('marker') ?? '';
  const limit = countParameter(request, 'max-keys', MAX_KEYS);
  const start = marker === '' ? undefined : cursorAfterMarker(marker, prefix, delimiter);
  const page = walk(service.database, name, { prefix, delimiter, limit, start });
  return {
    body: toXml('ListBucketResult', {
      Name: name,
      // Clients decode all others.
      Prefix: prefix,
      Marker: write(marker),
      NextMarker: page.isTruncated && delimiter !== '' ? write(lastShown(page)) : undefined,
      MaxKeys: limit,
      Delimiter: delimiter === '' ? undefined : write(delimiter),
      EncodingType: query.get('encoding-type') ?? undefined,
      IsTruncated: page.isTruncated,
      Contents: page.entries.map((version) => contentOf(version, write, true)),
      CommonPrefixes: page.commonPrefixes.map((each) => ({ Prefix: write(each) })),
    }),
  };
}

export async function listObjectsV2(request: S3Request, service: S3Service): Promise<Answer> {
  const { name } = service.buckets.require(request.bucket);
  const { query } = request;
  if (query.get('list-type') !== '2') {
    throw new S3Error('InvalidArgument', 'Invalid List Type specified in Request', {
      details: { ArgumentName: 'list-type' },
    });
  }
  const write = keyWriter(request);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const startAfter = query.get('start-after') ?? '';
  const token = query.get('continuation-token');
  const limit = countParameter(request, 'max-keys', MAX_KEYS);
  const withOwner = query.get('fetch-owner') === 'true';
  const marker = token === null ? startAfter : parseToken(token);
  const start = marker === '' ? undefined : cursorAfterMarker(marker, prefix, delimiter);
  const page = walk(service.database, name, { prefix, delimiter, limit, start });
  return {
    body: toXml('ListBucketResult', {
      Name: name,
      Prefix: write(prefix),
      StartAfter: startAfter === '' ? undefined : write(startAfter),
      ContinuationToken: token ?? undefined,
      NextContinuationToken: page.isTruncated ? writeToken(lastShown(page)) : undefined,
      KeyCount: page.entries.length + page.commonPrefixes.length,
      MaxKeys: limit,
      Delimiter: delimiter === '' ? undefined : write(delimiter),
      EncodingType: query.get('encoding-type') ?? undefined,
      IsTruncated: page.isTruncated,
      Contents: page.entries.map((version) => contentOf(version, write, withOwner)),
      CommonPrefixes: page.commonPrefixes.map((each) => ({ Prefix: write(each) })),
    }),
  };
}

function walk(
  database: Database,
  bucket: string,
  options: { prefix: string; delimiter: string; limit: number; start: Cursor | undefined },
): Page<Version> {
  const after = 'SELECT * FROM versions WHERE bucket = ? AND latest = 1 AND marker = 0 AND key >= ?';
  return listPage<Version>({
    ...options,
    read: ({ key }, before, limit) =>
      (before
        ? database.all<VersionRow>(`${after} AND key < ? ORDER BY key LIMIT ?`, bucket, key, before, limit)
        : database.all<VersionRow>(`${after} ORDER BY key LIMIT ?`, bucket, key, limit)
      ).map((row) => toVersion(row)!),
    keyOf: ({ key }) => key,
    cursorAfter: ({ key }) => ({ key: justAfter(key) }),
  });
}

function lastShown({ last }: Page<Version>): string {
  return typeof last === 'string' ? last : last!.key;
}

function contentOf(version: Version, write: (key: string) => string, withOwner: boolean): XmlContent {
  const { key, modifiedMs, etag, size, attributes } = version;
  return {
    Key: write(key),
    LastModified: new Date(modifiedMs).toISOString(),
    ETag: `"${etag}"`,
    ChecksumAlgorithm: attributes.checksum?.algorithm,
    ChecksumType: attributes.checksum?.type,
    Size: size,
    StorageClass: attributes.headers['x-amz-storage-class'] ?? 'STANDARD',
    Owner: withOwner ? OWNER : undefined,
  };
}

/** Opaque, so that nobody builds on what is in it. */
function writeToken(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/** @throws {S3Error} `InvalidArgument` for what wasn't given here. */
function parseToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString('utf8');
  if (writeToken(key) === token) return key;
  throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect', {
    details: { ArgumentName: 'continuation-token' },
  });
}
