import { elementName } from './checksums.ts';
import { S3Error } from './errors.ts';
import { OWNER } from './list-objects.ts';
import { cursorAfterMarker, keyWriter, listPage } from './listing.ts';
import { type Answer, countParameter, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
import type { Upload } from './uploads.ts';
import { toXml } from './xml.ts';

const MAX_UPLOADS = 1000;
const MAX_PARTS = 1000;

export async function listMultipartUploads(request: S3Request, service: S3Service): Promise<Answer> {
  const { name } = service.buckets.require(request.bucket);
  const { query } = request;
  const write = keyWriter(request);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const keyMarker = query.get('key-marker') ?? '';
  // It means something beside a key only.
  const uploadIdMarker = keyMarker === '' ? '' : (query.get('upload-id-marker') ?? '');
  const limit = countParameter(request, 'max-uploads', MAX_UPLOADS);
  const page = listPage<Upload>({
    prefix,
    delimiter,
    limit,
    start:
      keyMarker === ''
        ? undefined
        : uploadIdMarker === ''
          ? cursorAfterMarker(keyMarker, prefix, delimiter)
          : { key: Buffer.from(keyMarker), afterUpload: uploadIdMarker },
    read: ({ key, afterUpload }, before, count) =>
      service.uploads.list(name, { key, uploadId: afterUpload ?? '' }, before, count),
    keyOf: ({ key }) => key,
    cursorAfter: ({ key, uploadId }) => ({ key: Buffer.from(key), afterUpload: uploadId }),
  });
  const { last, isTruncated } = page;
  const next = typeof last === 'string' ? { key: last, uploadId: '' } : last;
  return {
    body: toXml('ListMultipartUploadsResult', {
      Bucket: name,
      KeyMarker: write(keyMarker),
      UploadIdMarker: uploadIdMarker,
      NextKeyMarker: isTruncated && next ? write(next.key) : undefined,
      NextUploadIdMarker: isTruncated ? next?.uploadId : undefined,
      Prefix: write(prefix),
      Delimiter: delimiter === '' ? undefined : write(delimiter),
      EncodingType: query.get('encoding-type') ?? undefined,
      MaxUploads: limit,
      IsTruncated: isTruncated,
      Upload: page.entries.map(({ key, uploadId, startedMs, attributes }) => ({
        Key: write(key),
        UploadId: uploadId,
        Initiator: OWNER,
        Owner: OWNER,
        StorageClass: attributes.headers['x-amz-storage-class'] ?? 'STANDARD',
        Initiated: new Date(startedMs).toISOString(),
        ChecksumAlgorithm: attributes.checksumPlan?.algorithm,
        ChecksumType: attributes.checksumPlan?.type,
      })),
      CommonPrefixes: page.commonPrefixes.map((each) => ({ Prefix: write(each) })),
    }),
  };
}

export async function listParts(request: S3Request, service: S3Service): Promise<Answer> {
  const { name } = service.buckets.require(request.bucket);
  const upload = service.uploads.require(name, request.key, request.query.get('uploadId')!);
  const limit = countParameter(request, 'max-parts', MAX_PARTS);
  const marker = Number(request.query.get('part-number-marker') || 0);
  if (!Number.isInteger(marker)) throw new S3Error('InvalidArgument', 'part-number-marker has to be an integer');
  const rows = service.uploads.parts(upload, marker, limit + 1);
  const parts = rows.slice(0, limit);
  const plan = upload.attributes.checksumPlan;
  const write = keyWriter(request);
  return {
    body: toXml('ListPartsResult', {
      Bucket: name,
      Key: write(request.key),
      UploadId: upload.uploadId,
      Initiator: OWNER,
      Owner: OWNER,
      StorageClass: upload.attributes.headers['x-amz-storage-class'] ?? 'STANDARD',
      PartNumberMarker: marker,
      NextPartNumberMarker: parts.at(-1)?.number ?? 0,
      MaxParts: limit,
      IsTruncated: rows.length > parts.length,
      ChecksumAlgorithm: plan?.algorithm,
      ChecksumType: plan?.type,
      Part: parts.map(({ number, size, md5, checksum, written_ms }) => ({
        PartNumber: number,
        LastModified: new Date(written_ms).toISOString(),
        ETag: `"${md5}"`,
        Size: size,
        ...(plan && checksum !== null ? { [elementName(plan.algorithm)]: checksum } : {}),
      })),
    }),
  };
}
