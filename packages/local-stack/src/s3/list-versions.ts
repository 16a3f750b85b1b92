import { S3Error } from './errors.ts';
import { MAX_KEYS, OWNER } from './list-objects.ts';
import { type Cursor, cursorAfterMarker, keyWriter, listPage } from './listing.ts';
import { type Answer, countParameter, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
import { requireVersionId, toVersion, type Version, type VersionRow } from './versions.ts';
import { toXml } from './xml.ts';

/** Also of buckets without versions: what they hold has the id `null`. */
export async function listObjectVersions(request: S3Request, service: S3Service): Promise<Answer> {
  const { name } = service.buckets.require(request.bucket);
  const { query } = request;
  const write = keyWriter(request);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const limit = countParameter(request, 'max-keys', MAX_KEYS);
  const page = listPage<Version>({
    prefix,
    delimiter,
    limit,
    start: startOf(request, service, { prefix, delimiter }),
    read: (from, before, count) => readVersions(service, name, from, before, count),
    keyOf: ({ key }) => key,
    cursorAfter: ({ key, sequence }) => ({ key: Buffer.from(key), belowSequence: sequence }),
  });
  const { last, isTruncated } = page;
  const next = typeof last === 'string' ? { key: last, version: undefined } : last;
  const shown = (version: Version) => {
    const { key, isLatest, modifiedMs, etag, size, attributes } = version;
    return {
      Key: write(key),
      VersionId: version.version,
      IsLatest: isLatest,
      LastModified: new Date(modifiedMs).toISOString(),
      ...(version.isMarker
        ? {}
        : {
            ETag: `"${etag}"`,
            ChecksumAlgorithm: attributes.checksum?.algorithm,
            ChecksumType: attributes.checksum?.type,
            Size: size,
            StorageClass: attributes.headers['x-amz-storage-class'] ?? 'STANDARD',
          }),
      Owner: OWNER,
    };
  };
  return {
    body: toXml('ListVersionsResult', {
      Name: name,
      Prefix: write(prefix),
      KeyMarker: write(query.get('key-marker') ?? ''),
      VersionIdMarker: query.get('version-id-marker') ?? '',
      NextKeyMarker: isTruncated && next ? write(next.key) : undefined,
      NextVersionIdMarker: isTruncated ? next?.version : undefined,
      MaxKeys: limit,
      Delimiter: delimiter === '' ? undefined : write(delimiter),
      EncodingType: query.get('encoding-type') ?? undefined,
      IsTruncated: isTruncated,
      Version: page.entries.filter(({ isMarker }) => !isMarker).map(shown),
      DeleteMarker: page.entries.filter(({ isMarker }) => isMarker).map(shown),
      CommonPrefixes: page.commonPrefixes.map((each) => ({ Prefix: write(each) })),
    }),
  };
}

function startOf(
  { bucket, query }: S3Request,
  { versions }: S3Service,
  { prefix, delimiter }: { prefix: string; delimiter: string },
): Cursor | undefined {
  const key = query.get('key-marker') ?? '';
  const versionId = requireVersionId(query.get('version-id-marker') || null);
  if (key === '') {
    if (versionId === undefined) return undefined;
    throw new S3Error('InvalidArgument', 'A version-id marker cannot be specified without a key marker.');
  }
  const version = versionId === undefined ? undefined : versions.find(bucket, key, versionId);
  if (version) return { key: Buffer.from(key), belowSequence: version.sequence };
  return cursorAfterMarker(key, prefix, delimiter);
}

function readVersions(
  { database }: S3Service,
  bucket: string,
  { key, belowSequence }: Cursor,
  before: Buffer | undefined,
  limit: number,
): Version[] {
  const rows: VersionRow[] = [];
  if (belowSequence !== undefined) {
    const rest = 'SELECT * FROM versions WHERE bucket = ? AND key = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?';
    rows.push(...database.all<VersionRow>(rest, bucket, key, belowSequence, limit));
  }
  const from = `SELECT * FROM versions WHERE bucket = ? AND key ${belowSequence === undefined ? '>=' : '>'} ?`;
  const order = 'ORDER BY key, sequence DESC LIMIT ?';
  const left = limit - rows.length;
  if (left > 0) {
    rows.push(
      ...(before
        ? database.all<VersionRow>(`${from} AND key < ? ${order}`, bucket, key, before, left)
        : database.all<VersionRow>(`${from} ${order}`, bucket, key, left)),
    );
  }
  return rows.map((row) => toVersion(row)!);
}
