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
import { decodeKey } from './decode-key.ts';

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
    for await (const { Versions = [], DeleteMarkers = [] } of versionPages(client, bucket)) {
      await deleteVersions(client, bucket, [...Versions, ...DeleteMarkers].map(decodeName));
      emptied.versions += Versions.length;
      emptied.deleteMarkers += DeleteMarkers.length;
      onProgress(emptied);
    }
    for await (const { Uploads = [] } of uploadPages(client, bucket)) {
      for (const upload of Uploads) {
        const { Key } = decodeName(upload);
        await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId: upload.UploadId }));
      }
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

/** From the beginning each time, since what was listed before is deleted: not every server goes on after a name that is gone. */
async function* versionPages(client: S3Client, Bucket: string): AsyncGenerator<ListObjectVersionsCommandOutput> {
  for (;;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, EncodingType: 'url' }));
    if (!page.Versions?.length && !page.DeleteMarkers?.length) return;
    yield page;
  }
}

/** In the same way: an upload whose parts still arrive has to be aborted more than once. */
async function* uploadPages(client: S3Client, Bucket: string): AsyncGenerator<ListMultipartUploadsCommandOutput> {
  for (;;) {
    const page = await client.send(new ListMultipartUploadsCommand({ Bucket, EncodingType: 'url' }));
    if (!page.Uploads?.length) return;
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

function decodeName({ Key, VersionId }: { Key?: string | undefined; VersionId?: string | undefined }) {
  return { Key: decodeKey(Key!) ?? Key!, ...(VersionId !== undefined && { VersionId }) };
}
