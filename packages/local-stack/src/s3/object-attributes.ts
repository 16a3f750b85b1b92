import { checksumContent } from './checksum-headers.ts';
import { elementName } from './checksums.ts';
import { S3Error } from './errors.ts';
import { versionHeader } from './object-headers.ts';
import { requireVersion } from './objects.ts';
import { type Answer, header, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
import type { Version } from './versions.ts';
import { toXml, type XmlContent } from './xml.ts';

const ATTRIBUTES = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'];
const MAX_PARTS = 1000;

export async function getObjectAttributes(request: S3Request, service: S3Service): Promise<Answer> {
  const asked = (header(request, 'x-amz-object-attributes') ?? '').split(',').map((name) => name.trim());
  const unknown = asked.find((name) => !ATTRIBUTES.includes(name));
  if (unknown !== undefined)
    throw new S3Error('InvalidArgument', `Object attribute ${unknown} is none of ${ATTRIBUTES.join(', ')}`);
  const { bucket, version } = requireVersion(request, service);
  const { etag, size, attributes, modifiedMs } = version;
  const content: Record<string, XmlContent> = {};
  if (asked.includes('ETag')) content.ETag = etag;
  if (asked.includes('Checksum') && attributes.checksum) content.Checksum = checksumContent(attributes.checksum);
  if (asked.includes('ObjectParts') && attributes.partCount !== undefined) {
    content.ObjectParts = partsContent(request, version, service);
  }
  if (asked.includes('StorageClass')) content.StorageClass = attributes.headers['x-amz-storage-class'] ?? 'STANDARD';
  if (asked.includes('ObjectSize')) content.ObjectSize = size;
  return {
    headers: { 'last-modified': new Date(modifiedMs).toUTCString(), ...versionHeader(bucket, version) },
    body: toXml('GetObjectAttributesResponse', content),
  };
}

function partsContent(request: S3Request, { sequence, attributes }: Version, { versions }: S3Service): XmlContent {
  const marker = countHeader(request, 'x-amz-part-number-marker', 0);
  const limit = Math.min(countHeader(request, 'x-amz-max-parts', MAX_PARTS), MAX_PARTS);
  const rest = versions.readPieces(sequence).filter(({ number }) => number > marker);
  const shown = rest.slice(0, limit);
  const { checksum, partCount } = attributes;
  return {
    PartsCount: partCount,
    PartNumberMarker: marker,
    NextPartNumberMarker: shown.at(-1)?.number ?? 0,
    MaxParts: limit,
    IsTruncated: rest.length > shown.length,
    Part: shown.map((piece) => ({
      PartNumber: piece.number,
      Size: piece.size,
      ...(checksum && piece.checksum !== null ? { [elementName(checksum.algorithm)]: piece.checksum } : {}),
    })),
  };
}

/** @throws {S3Error} `InvalidArgument` */
function countHeader(request: S3Request, name: string, otherwise: number): number {
  const text = header(request, name);
  if (text === undefined) return otherwise;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new S3Error('InvalidArgument', `${name} has to be a whole number`);
}
