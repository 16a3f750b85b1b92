import { createHash } from 'node:crypto';
import { readAttributes } from './attributes.ts';
import type { Body } from './bodies.ts';
import { checksumContent, checksumHeaders, chooseChecksum } from './checksum-headers.ts';
import {
  CHECKSUM_ALGORITHMS,
  type Checksum,
  checksumOfParts,
  defaultType,
  elementName,
  headerName,
  parseAlgorithm,
  requireType,
} from './checksums.ts';
import { checkWrite } from './conditions.ts';
import { findSource, rangeOfAll, sourceVersionHeader } from './copy.ts';
import { S3Error } from './errors.ts';
import { encryptionHeaders } from './object-headers.ts';
import { type Answer, header, readXml, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
import { payloadOf, receiveBody } from './upload-body.ts';
import type { Completion, Part, Upload } from './uploads.ts';
import { childrenOf, textOf, toXml, type XmlElement } from './xml.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_PART_NUMBER = 10_000;
/** But for the last one. */
const MIN_PART_BYTES = 5 * 2 ** 20;

export async function createMultipartUpload(request: S3Request, service: S3Service): Promise<Answer> {
  const { name } = service.buckets.require(request.bucket);
  const algorithmName = header(request, 'x-amz-checksum-algorithm');
  const typeName = header(request, 'x-amz-checksum-type');
  const algorithm = algorithmName === undefined ? undefined : parseAlgorithm(algorithmName);
  if (!algorithm && typeName !== undefined) {
    throw new S3Error(
      'InvalidRequest',
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  }
  const type = algorithm && (typeName === undefined ? defaultType(algorithm) : requireType(algorithm, typeName));
  const upload = service.uploads.create(name, request.key, service.now(), {
    ...readAttributes(request),
    ...(algorithm && type ? { checksumPlan: { algorithm, type } } : {}),
  });
  return {
    headers: {
      'x-amz-checksum-algorithm': algorithm,
      'x-amz-checksum-type': type,
      ...encryptionHeaders(upload),
    },
    body: toXml('InitiateMultipartUploadResult', { Bucket: name, Key: request.key, UploadId: upload.uploadId }),
  };
}

export async function uploadPart(request: S3Request, service: S3Service): Promise<Answer> {
  const { bucket, upload, number } = requirePart(request, service);
  const plan = upload.attributes.checksumPlan;
  const body = await receiveBody(request, service.bodies, { algorithms: plan ? [plan.algorithm] : [] });
  keepPart(service, { bucket, upload, number, body });
  return { headers: { etag: `"${body.md5}"`, ...checksumHeaders(partChecksum(upload, body)) } };
}

export async function uploadPartCopy(request: S3Request, service: S3Service): Promise<Answer> {
  const { bodies, versions } = service;
  const { bucket, upload, number } = requirePart(request, service);
  const source = findSource(request, service);
  const { version } = source;
  const range = header(request, 'x-amz-copy-source-range');
  const plan = upload.attributes.checksumPlan;
  const wanted = range === undefined ? rangeOfAll(version) : parseCopyRange(range, version.size);
  const body = await bodies.read(versions.readPieces(version.sequence), wanted, (chunks) =>
    bodies.write(chunks, plan ? [plan.algorithm] : []),
  );
  keepPart(service, { bucket, upload, number, body });
  return {
    headers: sourceVersionHeader(source),
    body: toXml('CopyPartResult', {
      LastModified: new Date(service.now()).toISOString(),
      ETag: `"${body.md5}"`,
      ...checksumContent(partChecksum(upload, body), false),
    }),
  };
}

export async function completeMultipartUpload(request: S3Request, service: S3Service): Promise<Answer> {
  const { key } = request;
  const bucket = service.buckets.require(request.bucket);
  const uploadId = request.query.get('uploadId')!;
  const asked = await readXml(payloadOf(request), 'CompleteMultipartUpload');
  const upload = service.uploads.require(bucket.name, key, uploadId, true);
  if (upload.completion) return completed(request, upload.completion, {});
  const parts = chooseParts(asked, service.uploads.parts(upload));
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const expectedSize = header(request, 'x-amz-mp-object-size');
  if (expectedSize !== undefined && Number(expectedSize) !== size) {
    throw new S3Error(
      'InvalidRequest',
      'The provided x-amz-mp-object-size header value does not match what was computed.',
    );
  }
  const checksum = await computeChecksum(request, upload, parts);
  const { checksumPlan, ...attributes } = upload.attributes;
  const etag = multipartEtag(parts);
  let discarded: string[] = [];
  let completion: Completion = { etag };
  service.versions.create({
    bucket,
    key,
    size,
    etag,
    attributes: { ...attributes, partCount: parts.length, ...(checksum ? { checksum } : {}) },
    eventName: 'ObjectCreated:CompleteMultipartUpload',
    checkCurrent: (current) => {
      // Both may have changed while the checksum was computed.
      service.uploads.require(bucket.name, key, uploadId);
      checkWrite(request, key, current);
    },
    addPieces: ({ sequence, version }) => {
      discarded = service.uploads.giveParts(upload, parts, sequence);
      const versionId = bucket.settings.versioning === 'Enabled' ? { versionId: version } : {};
      completion = { etag, ...versionId, ...(checksum ? { checksum } : {}) };
      service.uploads.markCompleted(upload, completion);
    },
  });
  service.bodies.discard(discarded);
  return completed(request, completion, encryptionHeaders(upload));
}

export async function abortMultipartUpload(request: S3Request, service: S3Service): Promise<Answer> {
  const { name } = service.buckets.require(request.bucket);
  service.uploads.abort(service.uploads.require(name, request.key, request.query.get('uploadId')!));
  return { status: 204 };
}

function completed(
  request: S3Request,
  { etag, versionId, checksum }: Completion,
  headers: Record<string, string>,
): Answer {
  const { bucket, key } = request;
  const location = `http://${request.headers.host}/${bucket}/${encodeURIComponent(key).replaceAll('%2F', '/')}`;
  return {
    headers: { 'x-amz-version-id': versionId, ...headers },
    body: toXml('CompleteMultipartUploadResult', {
      Location: location,
      Bucket: bucket,
      Key: key,
      ETag: `"${etag}"`,
      ...checksumContent(checksum),
    }),
  };
}

function requirePart(request: S3Request, service: S3Service): { bucket: string; upload: Upload; number: number } {
  const { name } = service.buckets.require(request.bucket);
  const upload = service.uploads.require(name, request.key, request.query.get('uploadId')!);
  const number = Number(request.query.get('partNumber') ?? Number.NaN);
  if (!Number.isInteger(number) || number < 1 || number > MAX_PART_NUMBER) {
    throw new S3Error('InvalidArgument', `Part number must be an integer between 1 and ${MAX_PART_NUMBER}, inclusive`, {
      details: { ArgumentName: 'partNumber' },
    });
  }
  return { bucket: name, upload, number };
}

function keepPart(
  { uploads, bodies, now }: S3Service,
  { bucket, upload, number, body }: { bucket: string; upload: Upload; number: number; body: Body },
): void {
  const checksum = partChecksum(upload, body);
  bodies.keep(body, () => uploads.addPart(upload, bucket, number, body, checksum?.value, now()));
}

/** Of the algorithm that the upload has; else of any that came with the part. */
function partChecksum(upload: Upload, body: Body): Checksum | undefined {
  const planned = upload.attributes.checksumPlan?.algorithm;
  if (!planned) return chooseChecksum(body.checksums);
  return { algorithm: planned, type: 'FULL_OBJECT', value: body.checksums.get(planned)! };
}

/** @throws {S3Error} `InvalidArgument`, `InvalidRange` */
function parseCopyRange(range: string, size: number) {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (first === undefined || Number(first) > Number(last)) {
    throw new S3Error('InvalidArgument', 'The x-amz-copy-source-range value must be of the form bytes=first-last', {
      details: { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: range },
    });
  }
  if (Number(last) >= size) {
    throw new S3Error('InvalidRange', `Range specified is not valid for source object of size: ${size}`);
  }
  return { start: Number(first), end: Number(last) };
}

/** @throws {S3Error} `MalformedXML`, `InvalidPart`, `InvalidPartOrder`, `EntityTooSmall` */
function chooseParts(asked: XmlElement, stored: readonly Part[]): Part[] {
  const elements = childrenOf(asked, 'Part');
  if (elements.length === 0) throw new S3Error('MalformedXML', 'You must specify at least one part');
  const byNumber = new Map(stored.map((part) => [part.number, part]));
  let before = 0;
  const parts = elements.map((element) => {
    const number = Number(textOf(element, 'PartNumber'));
    const etag = textOf(element, 'ETag')?.replaceAll('"', '');
    if (!Number.isInteger(number) || etag === undefined)
      throw new S3Error('MalformedXML', 'A Part has a PartNumber and an ETag');
    if (number <= before) throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.');
    before = number;
    const part = byNumber.get(number);
    const isChecksumOther = CHECKSUM_ALGORITHMS.some((algorithm) => {
      const checksum = textOf(element, elementName(algorithm));
      return checksum !== undefined && checksum !== part?.checksum;
    });
    if (part?.md5 !== etag || isChecksumOther) {
      throw new S3Error(
        'InvalidPart',
        'One or more of the specified parts could not be found, or its ETag or checksum is another.',
        {
          details: { PartNumber: String(number), ETag: etag },
        },
      );
    }
    return part;
  });
  const small = parts.slice(0, -1).find(({ size }) => size < MIN_PART_BYTES);
  if (small) {
    throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed object size.', {
      details: {
        ProposedSize: String(small.size),
        MinSizeAllowed: String(MIN_PART_BYTES),
        PartNumber: String(small.number),
      },
    });
  }
  return parts;
}

/** @throws {S3Error} `BadDigest` if the request names another one. */
async function computeChecksum(
  request: S3Request,
  upload: Upload,
  parts: readonly Part[],
): Promise<Checksum | undefined> {
  const { checksumPlan: plan } = upload.attributes;
  if (!plan) return undefined;
  const checksums = parts.map(({ size, checksum }) => ({ size, checksum: checksum! }));
  const computed = await checksumOfParts(plan.algorithm, plan.type, checksums);
  const expected = header(request, headerName(plan.algorithm));
  // Clients leave out the count of a composite one, or not.
  if (expected !== undefined && expected !== computed.value && expected !== computed.value.replace(/-\d+$/, '')) {
    throw new S3Error('BadDigest', `The ${plan.algorithm} you specified did not match the calculated checksum.`);
  }
  return computed;
}

function multipartEtag(parts: readonly Part[]): string {
  const hash = createHash('md5');
  for (const { md5 } of parts) hash.update(md5, 'hex');
  return `${hash.digest('hex')}-${parts.length}`;
}
