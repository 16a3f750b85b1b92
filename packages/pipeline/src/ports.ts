import type { ModelFacts } from '@tagmill/core';
import type { ObjectName, TagStore } from '@tagmill/tag-store';
import type { Tagging } from '@tagmill/tagger';

/** An object as it is now; its body is read only on demand. */
export interface StoredObject {
  etag: string;
  versionId?: string;
  lastModified: Date;
  sizeBytes: number;
  metadata: Readonly<Record<string, string>>;
  /**
   * Reads the body, once.
   *
   * @throws {TagmillError} `unavailable` if it breaks off.
   */
  read(): Promise<Uint8Array>;
  /** Lets go of a body that nobody will read. */
  discard(): void;
}

export interface ObjectStore {
  /**
   * Opens an object in its current version.
   *
   * @returns undefined if there is none.
   * @throws {TagmillError} `archived`, `encrypted` if it can't be read as it is stored; `unreadable` if access is denied;
   * `throttled`, `unavailable` if the same call may succeed later.
   */
  open(name: ObjectName): Promise<StoredObject | undefined>;
}

/** One image in, tags out, by one model. */
export interface ImageTagger {
  model: Pick<ModelFacts, 'variant' | 'sha256'>;
  /**
   * Tags an image.
   *
   * @throws {TagmillError} a code of `REJECT_REASONS` if it can never be tagged.
   */
  tag(bytes: Uint8Array): Promise<Tagging>;
}

/** What of {@link TagStore} the pipeline writes through. */
export type ImageWriter = Pick<TagStore, 'read' | 'claim' | 'putPostings' | 'commit' | 'confirm'>;

export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
