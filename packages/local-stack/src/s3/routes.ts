import * as acl from './acl.ts';
import * as buckets from './bucket-operations.ts';
import { copyObject } from './copy.ts';
import * as cors from './cors.ts';
import { deleteObjects } from './delete-objects.ts';
import { S3Error } from './errors.ts';
import { listObjects, listObjectsV2 } from './list-objects.ts';
import { listMultipartUploads, listParts } from './list-uploads.ts';
import { listObjectVersions } from './list-versions.ts';
import * as multipart from './multipart.ts';
import * as notifications from './notification-configuration.ts';
import { getObjectAttributes } from './object-attributes.ts';
import { RESPONSE_PARAMETERS } from './object-headers.ts';
import { deleteObject, getObject, putObject } from './objects.ts';
import { postObject } from './post-object.ts';
import type { Answer, S3Request } from './request.ts';
import type { S3Service } from './service.ts';
import * as tagging from './tagging-operations.ts';

export type Operation = (request: S3Request, service: S3Service) => Promise<Answer | undefined>;

interface Route {
  of: 'service' | 'bucket' | 'object';
  method: string;
  /** The parameter that makes a request one for this operation; the operation without any is the last of its kind. */
  subresource?: string;
  /** A header that does. */
  header?: string;
  /** Others that it knows. */
  parameters?: readonly string[];
  operation: Operation;
}

const LIST = ['prefix', 'delimiter', 'encoding-type'];
const VERSION = ['versionId'];
const READ = [...VERSION, 'partNumber', ...RESPONSE_PARAMETERS];

const ROUTES: readonly Route[] = [
  {
    of: 'service',
    method: 'GET',
    parameters: ['prefix', 'max-buckets', 'continuation-token', 'bucket-region'],
    operation: buckets.listBuckets,
  },

  { of: 'bucket', method: 'GET', subresource: 'acl', operation: acl.getBucketAcl },
  { of: 'bucket', method: 'GET', subresource: 'cors', operation: cors.getCors },
  { of: 'bucket', method: 'GET', subresource: 'location', operation: buckets.getBucketLocation },
  { of: 'bucket', method: 'GET', subresource: 'notification', operation: notifications.getNotifications },
  { of: 'bucket', method: 'GET', subresource: 'tagging', operation: tagging.getBucketTagging },
  { of: 'bucket', method: 'GET', subresource: 'versioning', operation: buckets.getVersioning },
  {
    of: 'bucket',
    method: 'GET',
    subresource: 'versions',
    parameters: [...LIST, 'key-marker', 'version-id-marker', 'max-keys'],
    operation: listObjectVersions,
  },
  {
    of: 'bucket',
    method: 'GET',
    subresource: 'uploads',
    parameters: [...LIST, 'key-marker', 'upload-id-marker', 'max-uploads'],
    operation: listMultipartUploads,
  },
  {
    of: 'bucket',
    method: 'GET',
    subresource: 'list-type',
    parameters: [...LIST, 'continuation-token', 'start-after', 'fetch-owner', 'max-keys'],
    operation: listObjectsV2,
  },
  { of: 'bucket', method: 'GET', parameters: [...LIST, 'marker', 'max-keys'], operation: listObjects },
  { of: 'bucket', method: 'HEAD', operation: buckets.headBucket },
  { of: 'bucket', method: 'PUT', subresource: 'acl', operation: acl.putBucketAcl },
  { of: 'bucket', method: 'PUT', subresource: 'cors', operation: cors.putCors },
  { of: 'bucket', method: 'PUT', subresource: 'notification', operation: notifications.putNotifications },
  { of: 'bucket', method: 'PUT', subresource: 'tagging', operation: tagging.putBucketTagging },
  { of: 'bucket', method: 'PUT', subresource: 'versioning', operation: buckets.putVersioning },
  { of: 'bucket', method: 'PUT', operation: buckets.createBucket },
  { of: 'bucket', method: 'POST', subresource: 'delete', operation: deleteObjects },
  { of: 'bucket', method: 'POST', operation: postObject },
  { of: 'bucket', method: 'DELETE', subresource: 'cors', operation: cors.deleteCors },
  { of: 'bucket', method: 'DELETE', subresource: 'tagging', operation: tagging.deleteBucketTagging },
  { of: 'bucket', method: 'DELETE', operation: buckets.deleteBucket },

  { of: 'object', method: 'GET', subresource: 'acl', parameters: VERSION, operation: acl.getObjectAcl },
  { of: 'object', method: 'GET', subresource: 'attributes', parameters: VERSION, operation: getObjectAttributes },
  { of: 'object', method: 'GET', subresource: 'tagging', parameters: VERSION, operation: tagging.getObjectTagging },
  {
    of: 'object',
    method: 'GET',
    subresource: 'uploadId',
    parameters: ['max-parts', 'part-number-marker', 'encoding-type'],
    operation: listParts,
  },
  { of: 'object', method: 'GET', parameters: READ, operation: getObject },
  { of: 'object', method: 'HEAD', parameters: READ, operation: getObject },
  { of: 'object', method: 'PUT', subresource: 'acl', parameters: VERSION, operation: acl.putObjectAcl },
  { of: 'object', method: 'PUT', subresource: 'tagging', parameters: VERSION, operation: tagging.putObjectTagging },
  {
    of: 'object',
    method: 'PUT',
    subresource: 'uploadId',
    header: 'x-amz-copy-source',
    parameters: ['partNumber'],
    operation: multipart.uploadPartCopy,
  },
  { of: 'object', method: 'PUT', subresource: 'uploadId', parameters: ['partNumber'], operation: multipart.uploadPart },
  { of: 'object', method: 'PUT', header: 'x-amz-copy-source', operation: copyObject },
  { of: 'object', method: 'PUT', operation: putObject },
  { of: 'object', method: 'POST', subresource: 'uploads', operation: multipart.createMultipartUpload },
  { of: 'object', method: 'POST', subresource: 'uploadId', operation: multipart.completeMultipartUpload },
  {
    of: 'object',
    method: 'DELETE',
    subresource: 'tagging',
    parameters: VERSION,
    operation: tagging.deleteObjectTagging,
  },
  { of: 'object', method: 'DELETE', subresource: 'uploadId', operation: multipart.abortMultipartUpload },
  { of: 'object', method: 'DELETE', parameters: VERSION, operation: deleteObject },
];

/** Of signatures, of headers that a presigned URL has as parameters, and the operation's name that SDKs add. */
const OF_ANY_REQUEST = /^(x-amz-.+|x-id|awsaccesskeyid|signature|expires)$/i;

/** Headers that would change what a request means, of what isn't here. */
const REFUSED_HEADERS =
  /^x-amz-(server-side-encryption-customer-|copy-source-server-side-encryption-customer-|object-lock-|grant-|write-offset-bytes|rename-source|bucket-object-lock-enabled)/;

/**
 * The operation that a request is for.
 *
 * @throws {S3Error} `NotImplemented` naming what isn't known: no request is taken for another one. `MethodNotAllowed`
 */
export function findOperation(request: S3Request): Operation {
  const { method, query, headers } = request;
  const of = request.bucket === '' ? 'service' : request.key === '' ? 'bucket' : 'object';
  const refused = Object.keys(headers).find((name) => REFUSED_HEADERS.test(name));
  if (refused !== undefined && headers[refused] !== 'false') {
    throw new S3Error('NotImplemented', `The header ${refused} is not implemented`);
  }
  const candidates = ROUTES.filter((route) => route.of === of && route.method === method);
  const route = candidates.find(
    (each) =>
      (each.subresource === undefined || query.has(each.subresource)) &&
      (each.header === undefined || headers[each.header] !== undefined),
  );
  // As S3 does, a read lets pass what has a value and means nothing to S3.
  const isRead = method === 'GET' || method === 'HEAD';
  const known = [route?.subresource, ...(route?.parameters ?? [])];
  const unknown = [...query].find(
    ([name, value]) => !known.includes(name) && !OF_ANY_REQUEST.test(name) && !(isRead && value !== ''),
  );
  if (unknown) {
    const [name] = unknown;
    throw new S3Error(
      'NotImplemented',
      `${method} of ${of === 'object' ? 'an' : 'a'} ${of} with ?${name} is not implemented`,
      {
        details: { ResourceType: name },
      },
    );
  }
  if (!route) {
    throw new S3Error(
      'MethodNotAllowed',
      `The specified method ${method} is not allowed against this resource: a ${of}.`,
    );
  }
  return route.operation;
}
