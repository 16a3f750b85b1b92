import { ACCOUNT, REGION } from '../constants.ts';
import { cannedAclOf } from './attributes.ts';
import { checkBucketName } from './buckets.ts';
import { S3Error } from './errors.ts';
import { OWNER } from './list-objects.ts';
import { type Answer, countParameter, readXml, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
import { payloadOf } from './upload-body.ts';
import { refuseOthers, textOf, toXml } from './xml.ts';

const MAX_BUCKETS = 10_000;

export async function listBuckets(request: S3Request, { buckets }: S3Service): Promise<Answer> {
  const { query } = request;
  const prefix = query.get('prefix') ?? '';
  const region = query.get('bucket-region');
  const after = query.get('continuation-token') ?? '';
  const limit = countParameter(request, 'max-buckets', MAX_BUCKETS);
  const all = buckets
    .list()
    .filter(({ name, settings }) => name > after && name.startsWith(prefix) && (!region || settings.region === region));
  const shown = all.slice(0, limit);
  return {
    body: toXml('ListAllMyBucketsResult', {
      Owner: OWNER,
      Buckets: {
        Bucket: shown.map(({ name, createdMs, settings }) => ({
          Name: name,
          CreationDate: new Date(createdMs).toISOString(),
          BucketRegion: settings.region,
        })),
      },
      ContinuationToken: all.length > shown.length ? shown.at(-1)?.name : undefined,
      Prefix: prefix === '' ? undefined : prefix,
    }),
  };
}

export async function createBucket(request: S3Request, service: S3Service): Promise<Answer> {
  const name = request.bucket;
  checkBucketName(name);
  const acl = cannedAclOf(request);
  const region = await readRegion(request);
  const existing = service.buckets.find(name);
  // As in us-east-1, where whoever owns a bucket may create it again; its objects stay.
  if (existing) service.buckets.change(existing, { acl: acl ?? 'private' });
  else service.buckets.create(name, service.now(), { region, acl: acl ?? 'private' });
  return { headers: { location: `/${name}`, 'x-amz-bucket-arn': `arn:aws:s3:::${name}` } };
}

export async function headBucket(request: S3Request, { buckets }: S3Service): Promise<Answer> {
  const { settings } = buckets.require(request.bucket);
  return { headers: { 'x-amz-bucket-region': settings.region, 'x-amz-access-point-alias': 'false' } };
}

export async function deleteBucket(request: S3Request, service: S3Service): Promise<Answer> {
  const { buckets, uploads, versions, bodies, database } = service;
  const bucket = buckets.require(request.bucket);
  if (!versions.isEmpty(bucket.name)) {
    throw new S3Error(
      'BucketNotEmpty',
      'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
      {
        details: { BucketName: bucket.name },
      },
    );
  }
  const discarded = database.transact(() => {
    buckets.delete(bucket);
    return uploads.deleteAll(bucket.name);
  });
  bodies.discard(discarded);
  return { status: 204 };
}

export async function getBucketLocation(request: S3Request, { buckets }: S3Service): Promise<Answer> {
  const { region } = buckets.require(request.bucket).settings;
  // us-east-1 is written as nothing.
  return { body: toXml('LocationConstraint', region === REGION ? '' : region) };
}

export async function getVersioning(request: S3Request, { buckets }: S3Service): Promise<Answer> {
  const { versioning } = buckets.require(request.bucket).settings;
  return { body: toXml('VersioningConfiguration', { Status: versioning }) };
}

export async function putVersioning(request: S3Request, { buckets }: S3Service): Promise<Answer> {
  const bucket = buckets.require(request.bucket);
  const configuration = await readXml(payloadOf(request), 'VersioningConfiguration');
  refuseOthers(configuration, ['Status', 'MfaDelete']);
  if (textOf(configuration, 'MfaDelete') === 'Enabled')
    throw new S3Error('NotImplemented', 'MfaDelete is not implemented');
  const status = textOf(configuration, 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') {
    throw new S3Error('MalformedXML', `Status is Enabled or Suspended, not ${status}`);
  }
  buckets.change(bucket, { versioning: status });
  return {};
}

/** @throws {S3Error} `AccessDenied` for a request that expects another owner. */
export function checkExpectedOwner({ headers }: S3Request): void {
  for (const name of ['x-amz-expected-bucket-owner', 'x-amz-source-expected-bucket-owner']) {
    const expected = headers[name];
    if (expected !== undefined && expected !== ACCOUNT) {
      throw new S3Error('AccessDenied', `${name}: the owner is ${ACCOUNT}, not ${expected}`);
    }
  }
}

async function readRegion(request: S3Request): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of payloadOf(request)) chunks.push(chunk);
  if (Buffer.concat(chunks).toString().trim() === '') return REGION;
  const configuration = await readXml(toAsync(chunks), 'CreateBucketConfiguration');
  refuseOthers(configuration, ['LocationConstraint']);
  return textOf(configuration, 'LocationConstraint') || REGION;
}

async function* toAsync(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}
