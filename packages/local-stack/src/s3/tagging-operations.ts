import { S3Error } from './errors.ts';
import { versionHeader } from './object-headers.ts';
import { requireVersion } from './objects.ts';
import { type Answer, readXml, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
import { MAX_BUCKET_TAGS, MAX_OBJECT_TAGS, parseTagging, taggingContent } from './tags.ts';
import { payloadOf } from './upload-body.ts';
import { toXml } from './xml.ts';

export async function getObjectTagging(request: S3Request, service: S3Service): Promise<Answer> {
  const { bucket, version } = requireVersion(request, service);
  return { headers: versionHeader(bucket, version), body: toXml('Tagging', taggingContent(version.attributes.tags)) };
}

export async function putObjectTagging(request: S3Request, service: S3Service): Promise<Answer> {
  const tags = parseTagging(await readXml(payloadOf(request), 'Tagging'), MAX_OBJECT_TAGS);
  const { bucket, version } = requireVersion(request, service);
  service.versions.changeAttributes(bucket, version, { tags }, 'ObjectTagging:Put');
  return { headers: versionHeader(bucket, version) };
}

export async function deleteObjectTagging(request: S3Request, service: S3Service): Promise<Answer> {
  const { bucket, version } = requireVersion(request, service);
  service.versions.changeAttributes(bucket, version, { tags: [] }, 'ObjectTagging:Delete');
  return { status: 204, headers: versionHeader(bucket, version) };
}

export async function getBucketTagging(request: S3Request, { buckets }: S3Service): Promise<Answer> {
  const { tags } = buckets.require(request.bucket).settings;
  if (!tags) throw new S3Error('NoSuchTagSet', 'The TagSet does not exist');
  return { body: toXml('Tagging', taggingContent(tags)) };
}

export async function putBucketTagging(request: S3Request, { buckets }: S3Service): Promise<Answer> {
  const bucket = buckets.require(request.bucket);
  const tags = parseTagging(await readXml(payloadOf(request), 'Tagging'), MAX_BUCKET_TAGS);
  buckets.change(bucket, { tags });
  return { status: 204 };
}

export async function deleteBucketTagging(request: S3Request, { buckets }: S3Service): Promise<Answer> {
  buckets.change(buckets.require(request.bucket), { tags: undefined });
  return { status: 204 };
}
