import { S3Error } from './errors.ts';
import { checkHeader } from './header-text.ts';
import { header, type S3Request } from './request.ts';
import { parseTagQuery } from './tags.ts';
import type { Attributes } from './versions.ts';

/** Kept with an object and given back as they came. */
const KEPT_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-storage-class',
  'x-amz-website-redirect-location',
];

/** Names and values together. */
const MAX_METADATA_BYTES = 2048;

export const CANNED_ACLS = [
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
];

/**
 * What a request says of the object that it makes.
 *
 * @throws {S3Error} `MetadataTooLarge`, `InvalidTag`, `InvalidArgument` for an ACL that isn't known.
 */
export function readAttributes(request: S3Request): Attributes {
  const headers: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = name === 'content-encoding' ? contentEncodingOf(request) : header(request, name);
    if (value === undefined || value === '') continue;
    checkHeader(name, value);
    headers[name] = value;
  }
  const metadata: Record<string, string> = {};
  let bytes = 0;
  for (const name of Object.keys(request.headers)) {
    const key = /^x-amz-meta-(.+)$/.exec(name)?.[1];
    if (key === undefined) continue;
    const value = header(request, name)!;
    checkHeader(name, value);
    metadata[key] = value;
    bytes += key.length + value.length;
  }
  if (bytes > MAX_METADATA_BYTES) {
    throw new S3Error('MetadataTooLarge', `Your metadata headers exceed the maximum of ${MAX_METADATA_BYTES} bytes`);
  }
  return {
    headers,
    metadata,
    tags: parseTagQuery(header(request, 'x-amz-tagging') ?? ''),
    acl: cannedAclOf(request) ?? 'private',
  };
}

/** @throws {S3Error} `InvalidArgument` */
export function cannedAclOf(request: S3Request): string | undefined {
  const acl = header(request, 'x-amz-acl');
  if (acl === undefined || CANNED_ACLS.includes(acl)) return acl;
  throw new S3Error('InvalidArgument', `ACL ${acl} is none of ${CANNED_ACLS.join(', ')}`);
}

/** Without what only says how the body was sent. */
function contentEncodingOf(request: S3Request): string | undefined {
  return header(request, 'content-encoding')
    ?.split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding.toLowerCase() !== 'aws-chunked')
    .join(', ');
}
