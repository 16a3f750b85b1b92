import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectIdentifier,
  S3Client,
} from '@aws-sdk/client-s3';
import { TagmillError } from '@tagmill/core';
import { decodeKey } from '@tagmill/pipeline';

export interface EmptiedBucket {
  versions: number;
  deleteMarkers: number;
  /** Uploads in parts that were never completed. */
  uploads: number;
}

export interface EmptyBucketOptions {
  client?: S3Client;
  /** Called after each page. */
  onProgress?: (soFar: EmptiedBucket) => void;
}

interface Listed {
  Key?: string | undefined;
  VersionId?: string | undefined;
  UploadId?: string | undefined;
}

/** An upload whose parts still arrive has to be aborted more than once. */
const PATIENCE = 5;

/** DeleteObjects sends keys as XML 1.0, which has no way to write these. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNWRITABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/**
 * Deletes all that a bucket holds: every version of every object, delete markers, and unfinished uploads, which hold up a
 * bucket's deletion as objects do. There is no way back.
 *
 * @returns how many there were of each; nothing of a bucket that is gone.
 * @throws {TagmillError} `unavailable` if S3 refuses one, naming it, or can't be reached.
 */
export async function emptyBucket(
  bucket: string,
  { client = new S3Client({}), onProgress = () => undefined }: EmptyBucketOptions = {},
): Promise<EmptiedBucket> {
  const emptied: EmptiedBucket = { versions: 0, deleteMarkers: 0, uploads: 0 };
  try {
    for await (const { Versions = [], DeleteMarkers = [], EncodingType } of versionPages(client, bucket)) {
      await deleteVersions(client, bucket, decodeNames([...Versions, ...DeleteMarkers], EncodingType));
      emptied.versions += Versions.length;
      emptied.deleteMarkers += DeleteMarkers.length;
      onProgress(emptied);
    }
    for await (const { Uploads = [], EncodingType } of uploadPages(client, bucket)) {
      for (const { Key, UploadId } of decodeNames(Uploads, EncodingType))
        await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
      emptied.uploads += Uploads.length;
      onProgress(emptied);
    }
    return emptied;
  } catch (cause) {
    if (cause instanceof TagmillError) throw cause;
    if (cause instanceof Error && cause.name === 'NoSuchBucket') return emptied;
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new TagmillError('unavailable', `${bucket} could not be emptied: ${detail}`, { cause, retryable: true });
  }
}

function versionPages(client: S3Client, Bucket: string): AsyncGenerator<ListObjectVersionsCommandOutput> {
  return pagesWhileAny(
    Bucket,
    () => client.send(new ListObjectVersionsCommand({ Bucket, EncodingType: 'url' })),
    ({ Versions = [], DeleteMarkers = [] }) => [...Versions, ...DeleteMarkers],
  );
}

function uploadPages(client: S3Client, Bucket: string): AsyncGenerator<ListMultipartUploadsCommandOutput> {
  return pagesWhileAny(
    Bucket,
    () => client.send(new ListMultipartUploadsCommand({ Bucket, EncodingType: 'url' })),
    ({ Uploads = [] }) => Uploads,
  );
}

/**
 * Lists from the beginning each time, since what was listed before is deleted: not every server goes on after a name that is gone.
 *
 * @throws {TagmillError} `unavailable` if a page stays as it is, however often its names are deleted.
 */
async function* pagesWhileAny<Page>(
  bucket: string,
  list: () => Promise<Page>,
  listed: (page: Page) => readonly Listed[],
): AsyncGenerator<Page> {
  let before: string | undefined;
  for (let same = 0; ; ) {
    const page = await list();
    const [first] = listed(page);
    if (!first) return;
    const now = JSON.stringify(listed(page).map(({ Key, VersionId, UploadId }) => [Key, VersionId, UploadId]));
    same = now === before ? same + 1 : 0;
    if (same === PATIENCE) {
      const what = `s3://${bucket}/${first.Key} is listed again, though S3 says that it was deleted`;
      throw new TagmillError('unavailable', `${what}: is it written all the time?`, { retryable: true });
    }
    before = now;
    yield page;
  }
}

async function deleteVersions(client: S3Client, bucket: string, all: readonly ObjectIdentifier[]): Promise<void> {
  const { alone = [], together = [] } = Object.groupBy(all, ({ Key }) =>
    UNWRITABLE.test(Key!) ? 'alone' : 'together',
  );
  for (const each of alone) await client.send(new DeleteObjectCommand({ Bucket: bucket, ...each, Key: each.Key! }));
  if (together.length === 0) return;
  const { Errors } = await client.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: together, Quiet: true } }),
  );
  const [refused] = Errors ?? [];
  if (!refused) return;
  throw new TagmillError(
    'unavailable',
    `s3://${bucket}/${refused.Key} cannot be deleted: ${refused.Code} ${refused.Message}; ${Errors!.length} in all`,
  );
}

/** As they are: S3 says whether it has encoded them. */
function decodeNames<Name extends Listed>(listed: readonly Name[], encoding: string | undefined) {
  return listed.map(({ Key, VersionId, UploadId }) => ({
    Key: (encoding === 'url' ? decodeKey(Key!) : undefined) ?? Key!,
    ...(VersionId !== undefined && { VersionId }),
    ...(UploadId !== undefined && { UploadId }),
  }));
}
