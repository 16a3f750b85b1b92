import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { awsError } from '@tagmill/aws-errors';
import { TagmillError } from '@tagmill/core';
import type { ObjectName } from '@tagmill/tag-store';
import { decodeKey } from './decode-key.ts';
import type { ObjectStore, StoredObject } from './ports.ts';

const GONE = new Set(['NoSuchKey', 'NotFound', 'NoSuchBucket']);
export interface ListedObject extends ObjectName {
  etag: string;
  lastModified: Date;
  sizeBytes: number;
}

/** Objects in S3. */
export class S3ObjectStore implements ObjectStore {
  readonly #client: S3Client;

  constructor({ client }: { client: S3Client }) {
    this.#client = client;
  }

  /** @see {@link ObjectStore.open} */
  async open({ bucket, key }: ObjectName): Promise<StoredObject | undefined> {
    try {
      const answer = await this.#client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const body = answer.Body as Readable & { transformToByteArray(): Promise<Uint8Array> };
      // A connection that is cut before the body is read, on purpose or not, would otherwise end the process.
      body.on('error', () => {});
      return {
        etag: unquoted(answer.ETag!),
        ...(answer.VersionId && { versionId: answer.VersionId }),
        lastModified: answer.LastModified!,
        sizeBytes: answer.ContentLength!,
        ...(answer.ContentEncoding && { encoding: answer.ContentEncoding }),
        metadata: answer.Metadata ?? {},
        read: () => readWhole(body, answer.ContentLength!),
        discard: () => body.destroy(),
      };
    } catch (cause) {
      if (cause instanceof S3ServiceException && GONE.has(cause.name)) return undefined;
      throw wrap(cause);
    }
  }

  /**
   * Opens an object to read it piece by piece.
   *
   * @throws {TagmillError} `not-found` if there is none; else as {@link open} does. What breaks off is an error of the stream.
   */
  async stream({ bucket, key }: ObjectName): Promise<Readable> {
    try {
      return (await this.#client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body as Readable;
    } catch (cause) {
      if (!(cause instanceof S3ServiceException && GONE.has(cause.name))) throw wrap(cause);
      throw new TagmillError('not-found', `There is no s3://${bucket}/${key}`, { cause });
    }
  }

  /**
   * Whether there is an object of that name.
   *
   * @throws {TagmillError} as {@link open} does.
   */
  async exists({ bucket, key }: ObjectName): Promise<boolean> {
    try {
      await this.#client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return true;
    } catch (cause) {
      if (cause instanceof S3ServiceException && GONE.has(cause.name)) return false;
      throw wrap(cause);
    }
  }

  /**
   * Writes an object, whole.
   *
   * @returns its entity tag.
   * @throws {TagmillError} as {@link open} does.
   */
  async put({ bucket, key }: ObjectName, bytes: Uint8Array): Promise<string> {
    const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes });
    const { ETag } = await this.#client.send(command).catch((cause) => {
      throw wrap(cause);
    });
    return unquoted(ETag!);
  }

  /**
   * Removes an object, in its current version; one that is gone stays so.
   *
   * @throws {TagmillError} as {@link open} does.
   */
  async remove({ bucket, key }: ObjectName): Promise<void> {
    await this.#client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })).catch((cause) => {
      throw wrap(cause);
    });
  }

  /**
   * The objects below a prefix, in the order of their keys.
   *
   * @param options.startAfter the key to go on after.
   * @throws {TagmillError} as {@link open} does.
   */
  async *list(options: { bucket: string; prefix: string; startAfter?: string }): AsyncGenerator<ListedObject> {
    const { bucket, prefix, startAfter } = options;
    // A key may hold characters that are not allowed in XML.
    const input = { Bucket: bucket, Prefix: prefix, StartAfter: startAfter, EncodingType: 'url' as const };
    const pages = paginateListObjectsV2({ client: this.#client }, input);
    while (true) {
      const { done, value } = await pages.next().catch((cause) => {
        throw wrap(cause);
      });
      if (done) return;
      const isEncoded = value.EncodingType === 'url';
      for (const { Key, ETag, LastModified, Size } of value.Contents ?? []) {
        const key = isEncoded ? decodeKey(Key!)! : Key!;
        yield { bucket, key, etag: unquoted(ETag!), lastModified: LastModified!, sizeBytes: Size! };
      }
    }
  }
}

async function readWhole(
  body: { transformToByteArray(): Promise<Uint8Array> },
  sizeBytes: number,
): Promise<Uint8Array> {
  const bytes = await body.transformToByteArray().catch((cause) => {
    throw new TagmillError('unavailable', 'The object broke off while it was read', { cause, retryable: true });
  });
  if (bytes.length === sizeBytes) return bytes;
  throw new TagmillError('unavailable', `${bytes.length} of ${sizeBytes} bytes were read`, { retryable: true });
}

/** By S3's error codes ("Error responses", API reference), and by what all services have in common. */
function wrap(cause: unknown): TagmillError {
  if (cause instanceof S3ServiceException) {
    const { name } = cause;
    if (name === 'InvalidObjectState') {
      return new TagmillError('archived', 'Archived: it must be restored first', { cause });
    }
    // What GetObject answers for an object under a key that the customer keeps (SSE-C).
    if (name === 'InvalidRequest') {
      return new TagmillError('encrypted', 'Encrypted with a key that S3 does not have', { cause });
    }
    // The clock of this machine is off: the SDK corrects it by the answer.
    if (name === 'RequestTimeTooSkewed') {
      return new TagmillError('unavailable', `S3: ${name}`, { cause, retryable: true });
    }
  }
  return awsError(cause, { service: 'S3', refusal: { code: 'unreadable', retryable: true } });
}

function unquoted(etag: string): string {
  return etag.replaceAll('"', '');
}
