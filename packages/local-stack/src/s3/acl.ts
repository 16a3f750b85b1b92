import { CANNED_ACLS, cannedAclOf } from './attributes.ts';
import { S3Error } from './errors.ts';
import { OWNER } from './list-objects.ts';
import { versionHeader } from './object-headers.ts';
import { requireVersion } from './objects.ts';
import type { Answer, S3Request } from './request.ts';
import type { S3Service } from './service.ts';
import { payloadOf } from './upload-body.ts';
import { toXml, type XmlContent } from './xml.ts';

const GROUPS = 'http://acs.amazonaws.com/groups/global';

/** Whom a canned ACL grants something besides the owner. */
const GRANTS: Readonly<Record<string, readonly [group: string, permission: string][]>> = {
  'public-read': [['AllUsers', 'READ']],
  'public-read-write': [
    ['AllUsers', 'READ'],
    ['AllUsers', 'WRITE'],
  ],
  'authenticated-read': [['AuthenticatedUsers', 'READ']],
};

/** Canned ACLs are kept and shown; like all permissions here, they allow or refuse nothing. */
export async function getObjectAcl(request: S3Request, service: S3Service): Promise<Answer> {
  const { bucket, version } = requireVersion(request, service);
  return { headers: versionHeader(bucket, version), body: writeAcl(version.attributes.acl) };
}

export async function putObjectAcl(request: S3Request, service: S3Service): Promise<Answer> {
  const acl = await requireCannedAcl(request);
  const { bucket, version } = requireVersion(request, service);
  service.versions.changeAttributes(bucket, version, { acl });
  return { headers: versionHeader(bucket, version) };
}

export async function getBucketAcl(request: S3Request, { buckets }: S3Service): Promise<Answer> {
  return { body: writeAcl(buckets.require(request.bucket).settings.acl) };
}

export async function putBucketAcl(request: S3Request, { buckets }: S3Service): Promise<Answer> {
  const bucket = buckets.require(request.bucket);
  buckets.change(bucket, { acl: await requireCannedAcl(request) });
  return {};
}

/** @throws {S3Error} `NotImplemented` for grants to single users. */
async function requireCannedAcl(request: S3Request): Promise<string> {
  const acl = cannedAclOf(request);
  for await (const _ of payloadOf(request)) throw refused();
  if (acl === undefined) throw refused();
  return acl;
}

function refused(): S3Error {
  return new S3Error('NotImplemented', `An ACL other than by x-amz-acl (${CANNED_ACLS.join(', ')}) is not implemented`);
}

function writeAcl(acl: string): string {
  const grant = (grantee: XmlContent, type: string, permission: string) => ({
    Grantee: {
      '@xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      '@xsi:type': type,
      ...(grantee as Record<string, XmlContent>),
    },
    Permission: permission,
  });
  return toXml('AccessControlPolicy', {
    Owner: OWNER,
    AccessControlList: {
      Grant: [
        grant(OWNER, 'CanonicalUser', 'FULL_CONTROL'),
        ...(GRANTS[acl] ?? []).map(([group, permission]) => grant({ URI: `${GROUPS}/${group}` }, 'Group', permission)),
      ],
    },
  });
}
