import { deleteCheck } from './conditions.ts';
import { S3Error, toS3Error } from './errors.ts';
import { type Answer, readXml, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
import { payloadOf } from './upload-body.ts';
import { requireVersionId } from './versions.ts';
import { childrenOf, refuseOthers, textOf, toXml, type XmlContent } from './xml.ts';

const MAX_OBJECTS = 1000;

export async function deleteObjects(request: S3Request, service: S3Service): Promise<Answer> {
  const bucket = service.buckets.require(request.bucket);
  const asked = await readXml(payloadOf(request), 'Delete');
  refuseOthers(asked, ['Object', 'Quiet']);
  const objects = childrenOf(asked, 'Object');
  if (objects.length === 0 || objects.length > MAX_OBJECTS) {
    throw new S3Error('MalformedXML', `A Delete has 1 to ${MAX_OBJECTS} objects, not ${objects.length}`);
  }
  const deleted: XmlContent[] = [];
  const errors: XmlContent[] = [];
  for (const object of objects) {
    refuseOthers(object, ['Key', 'VersionId', 'ETag', 'LastModifiedTime', 'Size']);
    const key = textOf(object, 'Key');
    if (key === undefined || key === '') throw new S3Error('MalformedXML', 'An Object has a Key');
    const versionId = textOf(object, 'VersionId');
    const checkCurrent = deleteCheck({
      etag: textOf(object, 'ETag'),
      lastModified: textOf(object, 'LastModifiedTime'),
      size: textOf(object, 'Size'),
    });
    try {
      const deletion = service.versions.delete(bucket, key, requireVersionId(versionId || null), checkCurrent);
      deleted.push({
        Key: key,
        VersionId: versionId,
        DeleteMarker: deletion.isMarker ? true : undefined,
        DeleteMarkerVersionId: deletion.isMarker ? deletion.versionId : undefined,
      });
    } catch (error) {
      const { s3Code, message } = toS3Error(error);
      errors.push({ Key: key, VersionId: versionId, Code: s3Code, Message: message });
    }
  }
  const isQuiet = textOf(asked, 'Quiet') === 'true';
  return { body: toXml('DeleteResult', { Deleted: isQuiet ? [] : deleted, Error: errors }) };
}
