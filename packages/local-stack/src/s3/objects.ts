import { pipeline } from 'node:stream/promises';
import { readAttributes } from './attributes.ts';
import type { Bucket } from './buckets.ts';
import { checksumHeaders } from './checksum-headers.ts';
import { checkRead, checkWrite, deleteCheck } from './conditions.ts';
import { S3Error } from './errors.ts';
import { describeObject, encryptionHeaders, newVersionHeader } from './object-headers.ts';
import { type Answer, header, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
import { storeBody } from './store-body.ts';
import { receiveBody } from './upload-body.ts';
import { requireVersionId, type Version } from './versions.ts';

export async function putObject(request: S3Request, service: S3Service): Promise<Answer> {
  const { key } = request;
  const { bodies, versions } = service;
  const bucket = service.buckets.require(request.bucket);
  const attributes = readAttributes(request);
  // Before the bytes come, so that they needn't; and again with the change.
  checkWrite(request, key, versions.latest(bucket.name, key));
  const body = await receiveBody(request, bodies);
  const { version, checksum } = storeBody(service, body, {
    bucket,
    key,
    attributes,
    eventName: 'ObjectCreated:Put',
    checkCurrent: (current) => checkWrite(request, key, current),
  });
  return {
    headers: {
      etag: `"${version.etag}"`,
      ...newVersionHeader(bucket, version),
      ...checksumHeaders(checksum),
      ...encryptionHeaders(version),
    },
  };
}

/** Answers by itself: the bytes have to be held from the moment that the object was looked up. */
export async function getObject(request: S3Request, service: S3Service): Promise<undefined> {
  const { bucket, version } = requireVersion(request, service);
  checkRead(request, version);
  const pieces = service.versions.readPieces(version.sequence);
  const { status, headers, range } = describeObject(request, bucket, version, pieces);
  await service.bodies.read(pieces, range, async (chunks) => {
    request.response.writeHead(status, headers);
    if (request.method === 'HEAD') request.response.end();
    else await pipeline(chunks, request.response);
  });
}

export async function deleteObject(request: S3Request, service: S3Service): Promise<Answer> {
  const bucket = service.buckets.require(request.bucket);
  const checkCurrent = deleteCheck({
    etag: header(request, 'if-match'),
    lastModified: header(request, 'x-amz-if-match-last-modified-time'),
    size: header(request, 'x-amz-if-match-size'),
  });
  const versionId = requireVersionId(request.query.get('versionId'));
  const deletion = service.versions.delete(bucket, request.key, versionId, checkCurrent);
  return {
    status: 204,
    headers: {
      'x-amz-version-id': deletion.versionId,
      'x-amz-delete-marker': deletion.isMarker ? 'true' : undefined,
    },
  };
}

/**
 * The version that a request is for.
 *
 * @throws {S3Error} `NoSuchBucket`, `NoSuchKey`, `NoSuchVersion`; `MethodNotAllowed` for a delete marker by its id.
 */
export function requireVersion(
  { bucket: name, key, query }: S3Request,
  service: S3Service,
): { bucket: Bucket; version: Version } {
  const bucket = service.buckets.require(name);
  return { bucket, version: findVersion(bucket, key, requireVersionId(query.get('versionId')), service) };
}

/** As {@link requireVersion}. */
export function findVersion(
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  { versions }: S3Service,
): Version {
  const version =
    versionId === undefined ? versions.latest(bucket.name, key) : versions.find(bucket.name, key, versionId);
  const details = { Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) };
  if (!version && versionId !== undefined) {
    throw new S3Error('NoSuchVersion', 'The specified version does not exist.', { details });
  }
  if (!version) throw new S3Error('NoSuchKey', 'The specified key does not exist.', { details });
  if (!version.isMarker) return version;
  const headers = {
    'x-amz-delete-marker': 'true',
    'x-amz-version-id': version.version,
    'last-modified': new Date(version.modifiedMs).toUTCString(),
  };
  throw versionId === undefined
    ? new S3Error('NoSuchKey', 'The specified key does not exist.', { details, headers })
    : new S3Error('MethodNotAllowed', 'The specified method is not allowed against a delete marker.', {
        details,
        headers,
      });
}
