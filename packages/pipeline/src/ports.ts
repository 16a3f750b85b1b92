import type { ObjectName, TagStore } from '@tagmill/tag-store';

/** An object as it is now; its body is read only on demand. */
export interface StoredObject {
  etag: string;
  versionId?: string;
  lastModified: Date;
  sizeBytes: number;
  /** Its `Content-Encoding`: what it was packed with before it was stored. */
  encoding?: string;
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

/** What of {@link TagStore} the pipeline writes through. */
export type ImageWriter = Pick<TagStore, 'read' | 'readAll' | 'write' | 'finish' | 'confirm'>;
