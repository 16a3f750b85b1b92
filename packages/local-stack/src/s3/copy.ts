import { decodePath } from './address.ts';
import { cannedAclOf, readAttributes } from './attributes.ts';
import type { ByteRange } from './bodies.ts';
import type { Bucket } from './buckets.ts';
import { checksumContent } from './checksum-headers.ts';
import { type ChecksumAlgorithm, parseAlgorithm } from './checksums.ts';
import { checkCopySource, checkWrite } from './conditions.ts';
import { S3Error } from './errors.ts';
import { encryptionHeaders, newVersionHeader } from './object-headers.ts';
import { findVersion } from './objects.ts';
import { type Answer, header, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
import { storeBody } from './store-body.ts';
import { parseTagQuery } from './tags.ts';
import { MAX_UPLOAD_BYTES } from './upload-body.ts';
import { type Attributes, requireVersionId, type Version } from './versions.ts';
import { toXml } from './xml.ts';

export async function copyObject(request: S3Request, service: S3Service): Promise<Answer> {
  const { key } = request;
  const { bodies, versions } = service;
  const bucket = service.buckets.require(request.bucket);
  const source = findSource(request, service);
  const attributes = attributesOfCopy(request, source);
  if (source.version.size > MAX_UPLOAD_BYTES) {
    throw new S3Error(
      'InvalidRequest',
      'The specified copy source is larger than the maximum allowable size for a copy source',
    );
  }
  checkWrite(request, key, versions.latest(bucket.name, key));
  const algorithm = algorithmOfCopy(request, source.version);
  const body = await bodies.read(versions.readPieces(source.version.sequence), rangeOfAll(source.version), (chunks) =>
    bodies.write(chunks, algorithm ? [algorithm] : []),
  );
  const { version: copy, checksum } = storeBody(service, body, {
    bucket,
    key,
    attributes,
    eventName: 'ObjectCreated:Copy',
    checkCurrent: (current) => checkWrite(request, key, current),
  });
  return {
    headers: { ...newVersionHeader(bucket, copy), ...sourceVersionHeader(source), ...encryptionHeaders(copy) },
    body: toXml('CopyObjectResult', {
      LastModified: new Date(copy.modifiedMs).toISOString(),
      ETag: `"${copy.etag}"`,
      ...checksumContent(checksum),
    }),
  };
}

export interface CopySource {
  bucket: Bucket;
  version: Version;
}

/**
 * What `x-amz-copy-source` names, if it fulfils the request's conditions.
 *
 * @throws {S3Error} `NoSuchBucket`, `NoSuchKey`, `NoSuchVersion`, `InvalidArgument`, `PreconditionFailed`
 */
export function findSource(request: S3Request, service: S3Service): CopySource {
  const text = header(request, 'x-amz-copy-source')!;
  const [path, query] = splitOnce(text, '?');
  const [name, key] = splitOnce(decodePath(path!).replace(/^\//, ''), '/');
  if (!name || !key)
    throw new S3Error('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey');
  const bucket = service.buckets.require(name);
  const version = findVersion(bucket, key, requireVersionId(new URLSearchParams(query).get('versionId')), service);
  checkCopySource(request, version);
  return { bucket, version };
}

export function sourceVersionHeader({ bucket, version }: CopySource): Record<string, string> {
  return bucket.settings.versioning === undefined ? {} : { 'x-amz-copy-source-version-id': version.version };
}

export function rangeOfAll({ size }: Version): ByteRange {
  return { start: 0, end: size - 1 };
}

/** @throws {S3Error} `InvalidRequest` for a copy onto itself that changes nothing. */
function attributesOfCopy(request: S3Request, { bucket, version }: CopySource): Attributes {
  const isReplaced = directive(request, 'x-amz-metadata-directive') === 'REPLACE';
  const areTagsReplaced = directive(request, 'x-amz-tagging-directive') === 'REPLACE';
  const isChanged =
    isReplaced || header(request, 'x-amz-storage-class') || header(request, 'x-amz-server-side-encryption');
  if (!isChanged && version.isLatest && bucket.name === request.bucket && version.key === request.key) {
    throw new S3Error(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const named = readAttributes(request);
  const { headers, metadata, tags } = version.attributes;
  const kept = Object.entries(headers).filter(([name]) => !name.startsWith('x-amz-'));
  const chosen = Object.entries(named.headers).filter(([name]) => name.startsWith('x-amz-'));
  return {
    headers: isReplaced ? named.headers : Object.fromEntries([...kept, ...chosen]),
    metadata: isReplaced ? named.metadata : metadata,
    tags: areTagsReplaced ? parseTagQuery(header(request, 'x-amz-tagging') ?? '') : tags,
    acl: cannedAclOf(request) ?? 'private',
  };
}

/** @throws {S3Error} `InvalidArgument` */
function directive(request: S3Request, name: string): 'COPY' | 'REPLACE' {
  const value = header(request, name) ?? 'COPY';
  if (value === 'COPY' || value === 'REPLACE') return value;
  throw new S3Error('InvalidArgument', `${name} is COPY or REPLACE, not ${value}`);
}

/** A copy has its source's algorithm unless it names another. */
function algorithmOfCopy(request: S3Request, source: Version): ChecksumAlgorithm | undefined {
  const named = header(request, 'x-amz-checksum-algorithm');
  return named === undefined ? source.attributes.checksum?.algorithm : parseAlgorithm(named);
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const index = text.indexOf(separator);
  return index === -1 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}
