import type { ByteRange } from './bodies.ts';
import type { Bucket } from './buckets.ts';
import { checksumHeaders } from './checksum-headers.ts';
import { S3Error } from './errors.ts';
import { checkHeader } from './header-text.ts';
import { parseRange } from './ranges.ts';
import { header, type S3Request } from './request.ts';
import type { Piece, Version } from './versions.ts';

/** Query parameters by which a GET chooses headers of its answer. */
export const RESPONSE_PARAMETERS = [
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
];

export interface Description {
  status: number;
  headers: Record<string, string>;
  range: ByteRange;
}

/**
 * Which of an object's bytes a GET or HEAD asks for, and the headers of its answer.
 *
 * @throws {S3Error} `InvalidRange`, `InvalidPart`, `InvalidArgument`
 */
export function describeObject(
  request: S3Request,
  bucket: Bucket,
  version: Version,
  pieces: readonly Piece[],
): Description {
  const { headers, metadata, tags, checksum, partCount } = version.attributes;
  const part = findPart(request, version, pieces);
  const range = part?.range ?? parseRange(header(request, 'range'), version.size);
  const { start, end } = range ?? { start: 0, end: version.size - 1 };
  const isChecksumAsked = header(request, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED' || part !== undefined;
  const chosen = part?.checksum && checksum ? { ...checksum, value: part.checksum } : checksum;
  return {
    status: range && version.size > 0 ? 206 : 200,
    range: { start, end },
    headers: {
      'accept-ranges': 'bytes',
      'content-type': 'binary/octet-stream',
      ...headers,
      ...overriddenHeaders(request.query),
      ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
      'content-length': String(end - start + 1),
      etag: `"${version.etag}"`,
      'last-modified': new Date(version.modifiedMs).toUTCString(),
      ...(range && version.size > 0 ? { 'content-range': `bytes ${start}-${end}/${version.size}` } : {}),
      ...(part && partCount !== undefined ? { 'x-amz-mp-parts-count': String(partCount) } : {}),
      ...(tags.length > 0 ? { 'x-amz-tagging-count': String(tags.length) } : {}),
      ...(isChecksumAsked && (!range || part) ? checksumHeaders(chosen) : {}),
      ...versionHeader(bucket, version),
    },
  };
}

/** @returns the header of a version's id, if its bucket has or had versions. */
export function versionHeader({ settings }: Bucket, { version }: Version): Record<string, string> {
  return settings.versioning === undefined ? {} : { 'x-amz-version-id': version };
}

/** @returns the header of a version that was just made: unlike a read, none while versions are suspended. */
export function newVersionHeader({ settings }: Bucket, { version }: Version): Record<string, string> {
  return settings.versioning === 'Enabled' ? { 'x-amz-version-id': version } : {};
}

/** Nothing is encrypted here, but clients see what they asked for. */
export function encryptionHeaders({ attributes }: Pick<Version, 'attributes'>): Record<string, string> {
  const entries = Object.entries(attributes.headers);
  return Object.fromEntries(entries.filter(([name]) => name.startsWith('x-amz-server-side-encryption')));
}

function findPart({ query }: S3Request, version: Version, pieces: readonly Piece[]) {
  const text = query.get('partNumber');
  if (text === null) return undefined;
  const number = Number(text);
  const { partCount = 1 } = version.attributes;
  if (!Number.isInteger(number) || number < 1 || number > partCount) {
    throw new S3Error('InvalidPart', 'The requested partnumber is not satisfiable');
  }
  const start = pieces.slice(0, number - 1).reduce((sum, { size }) => sum + size, 0);
  const piece = pieces[number - 1];
  return { range: { start, end: start + (piece?.size ?? 0) - 1 }, checksum: piece?.checksum ?? undefined };
}

function overriddenHeaders(query: URLSearchParams): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const parameter of RESPONSE_PARAMETERS) {
    const value = query.get(parameter);
    if (value === null) continue;
    checkHeader(parameter, value);
    headers[parameter.slice('response-'.length)] = value;
  }
  return headers;
}
