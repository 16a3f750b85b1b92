import { type ImageRecord, TagmillError } from '@tagmill/core';
import type { OpenStack } from '@tagmill/stack-client';
import { DEFAULT_LIMITS, makeThumbnail } from '@tagmill/tagger';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';

/** Pixels of a picture's longer side: in the list, beside its record, for screens of two pixels a point, and to look into. */
export const PICTURE_SIDES = { thumbnail: 480, preview: 1440, full: 4096 } as const;

export type PictureSize = keyof typeof PICTURE_SIDES;

export interface PictureRequest {
  bucket: string;
  key: string;
  size: PictureSize;
  /** Whether nobody waits for it any more. */
  isAbandoned: () => boolean;
}

export interface Picture {
  /** WebP. */
  bytes: Uint8Array;
  /** Of the image that its record is about. */
  sha256: string | undefined;
}

const CACHE_BYTES = 96 * 2 ** 20;
const DECODED_AT_ONCE = 2;

/** Small pictures of images that have a record. What is in the bucket is never sent as it is. */
export class Pictures {
  readonly #stack: Pick<OpenStack, 'objects' | 'callApi'>;
  readonly #limit = pLimit(DECODED_AT_ONCE);
  readonly #cache = new LRUCache<string, Uint8Array>({
    maxSize: CACHE_BYTES,
    sizeCalculation: ({ length }) => length,
  });

  constructor(stack: Pick<OpenStack, 'objects' | 'callApi'>) {
    this.#stack = stack;
  }

  /**
   * The picture of an image, as its record knows it.
   *
   * @returns undefined if it was abandoned.
   * @throws {TagmillError} `not-found` if there is no such record or object, or the object is another by now; a code of
   * `REJECT_REASONS` if it shows nothing.
   */
  async get({ isAbandoned, ...request }: PictureRequest): Promise<Picture | undefined> {
    return this.#limit(async () => {
      if (isAbandoned()) return undefined;
      const { image } = await this.#record(request);
      const { sha256 } = image;
      const cacheKey = JSON.stringify([request.size, request.bucket, request.key, sha256]);
      const cached = sha256 === undefined ? undefined : this.#cache.get(cacheKey);
      const bytes = cached ?? (await this.#make(request, 'etag' in image ? image.etag : undefined));
      if (sha256 !== undefined) this.#cache.set(cacheKey, bytes);
      return { bytes, sha256 };
    });
  }

  async #record({ bucket, key }: Pick<PictureRequest, 'bucket' | 'key'>): Promise<ImageRecord> {
    const answer = await this.#stack.callApi(`image?${new URLSearchParams({ bucket, key })}`);
    if (answer.ok) return (await answer.json()) as ImageRecord;
    if (answer.status === 404) throw new TagmillError('not-found', `No record of ${key} in ${bucket}`);
    throw new TagmillError('unavailable', `The API answered ${answer.status}`, { retryable: true });
  }

  async #make({ bucket, key, size }: Omit<PictureRequest, 'isAbandoned'>, etag?: string): Promise<Uint8Array> {
    const object = await this.#stack.objects.open({ bucket, key });
    if (!object) throw new TagmillError('not-found', `${key} is no longer in ${bucket}`);
    if (etag !== undefined && etag !== object.etag) {
      object.discard();
      throw new TagmillError('not-found', `${key} was replaced, and its record will be`);
    }
    if (object.sizeBytes > DEFAULT_LIMITS.maxBytes) {
      object.discard();
      throw new TagmillError('too-many-bytes', `${object.sizeBytes} bytes`);
    }
    return makeThumbnail(await object.read(), { maxSide: PICTURE_SIDES[size] });
  }
}
