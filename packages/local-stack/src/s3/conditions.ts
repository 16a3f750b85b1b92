import { S3Error } from './errors.ts';
import { header, type S3Request } from './request.ts';
import type { Version } from './versions.ts';

/** What a request asks of the object that is there. */
interface Conditions {
  ifMatch: string | undefined;
  ifNoneMatch: string | undefined;
  ifModifiedSince: string | undefined;
  ifUnmodifiedSince: string | undefined;
}

/**
 * Checks the conditions of a read, in the order of RFC 9110, section 13.2.2.
 *
 * @throws {S3Error} `PreconditionFailed`, `NotModified`
 */
export function checkRead(request: S3Request, version: Version): void {
  const headers = { etag: `"${version.etag}"`, 'last-modified': new Date(version.modifiedMs).toUTCString() };
  const isUnmodified = checkMatch(conditionsOf(request, ''), version);
  if (isUnmodified) throw new S3Error('NotModified', 'Not Modified', { headers });
}

/**
 * Checks the conditions on the source of a copy.
 *
 * @throws {S3Error} `PreconditionFailed`
 */
export function checkCopySource(request: S3Request, version: Version): void {
  const isUnmodified = checkMatch(conditionsOf(request, 'x-amz-copy-source-'), version);
  if (isUnmodified) throw failed('If-None-Match');
}

/**
 * Checks the conditions of a write against what it would replace.
 *
 * @throws {S3Error} `PreconditionFailed`; `NoSuchKey` where a match is asked for and there is nothing.
 */
export function checkWrite(request: S3Request, key: string, current: Version | undefined): void {
  const { ifMatch, ifNoneMatch } = conditionsOf(request, '');
  const existing = current?.isMarker ? undefined : current;
  if (ifMatch !== undefined) {
    if (!existing) throw new S3Error('NoSuchKey', 'The specified key does not exist.', { details: { Key: key } });
    if (!namesEtag(ifMatch, existing.etag)) throw failed('If-Match');
  }
  if (ifNoneMatch !== undefined && existing && namesEtag(ifNoneMatch, existing.etag)) throw failed('If-None-Match');
}

export interface DeleteConditions {
  etag?: string | undefined;
  /** As in a date header, or in ISO 8601. */
  lastModified?: string | undefined;
  size?: string | undefined;
}

/**
 * @returns what checks the conditions of a delete, if it has any: it throws an {@link S3Error} `PreconditionFailed`.
 */
export function deleteCheck(conditions: DeleteConditions): ((current: Version) => void) | undefined {
  const hasAny = Object.values(conditions).some((condition) => condition !== undefined);
  return hasAny ? (current) => checkDelete(conditions, current) : undefined;
}

function checkDelete({ etag, lastModified, size }: DeleteConditions, current: Version): void {
  // Nothing but "any" matches a delete marker.
  if (etag !== undefined && etag !== '*' && (current.isMarker || !namesEtag(etag, current.etag)))
    throw failed('If-Match');
  if (lastModified !== undefined && Date.parse(lastModified) !== current.modifiedMs) {
    throw failed('x-amz-if-match-last-modified-time');
  }
  if (size !== undefined && Number(size) !== current.size) throw failed('x-amz-if-match-size');
}

/** @returns whether it is what the client has already. */
function checkMatch(conditions: Conditions, version: Version): boolean {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  if (ifMatch !== undefined) {
    if (!namesEtag(ifMatch, version.etag)) throw failed('If-Match');
  } else if (ifUnmodifiedSince !== undefined && version.modifiedMs > Date.parse(ifUnmodifiedSince)) {
    throw failed('If-Unmodified-Since');
  }
  if (ifNoneMatch !== undefined) return namesEtag(ifNoneMatch, version.etag);
  return ifModifiedSince !== undefined && version.modifiedMs <= Date.parse(ifModifiedSince);
}

function conditionsOf(request: S3Request, prefix: string): Conditions {
  return {
    ifMatch: header(request, `${prefix}if-match`),
    ifNoneMatch: header(request, `${prefix}if-none-match`),
    ifModifiedSince: header(request, `${prefix}if-modified-since`),
    ifUnmodifiedSince: header(request, `${prefix}if-unmodified-since`),
  };
}

function namesEtag(list: string, etag: string): boolean {
  return list.split(',').some((each) => {
    const named = each
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return named === '*' || named === etag;
  });
}

function failed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    details: { Condition: condition },
  });
}
