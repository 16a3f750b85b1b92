import { randomBytes } from 'node:crypto';
import type { EventName, ObjectChange } from '../notifications.ts';
import type { Bodies, Body, StoredPiece } from './bodies.ts';
import type { Bucket, Buckets } from './buckets.ts';
import type { Checksum } from './checksums.ts';
import type { Database } from './database.ts';
import { S3Error } from './errors.ts';
import type { Outbox } from './outbox.ts';

/** What an object has besides its bytes. */
export interface Attributes {
  /** Such as `content-type`. */
  headers: Record<string, string>;
  /** By their names without `x-amz-meta-`. */
  metadata: Record<string, string>;
  tags: [key: string, value: string][];
  acl: string;
  checksum?: Checksum;
  /** Of a multipart upload. */
  partCount?: number;
}

export interface Version {
  sequence: number;
  key: string;
  /** `null` for what was stored without versions. */
  version: string;
  isLatest: boolean;
  isMarker: boolean;
  size: number;
  /** Without quotes. */
  etag: string;
  /** In whole seconds, as S3 has it. */
  modifiedMs: number;
  attributes: Attributes;
}

export interface Piece extends StoredPiece {
  number: number;
  md5: string;
  /** In base64. */
  checksum: string | null;
}

export interface NewVersion {
  bucket: Bucket;
  key: string;
  size: number;
  etag: string;
  attributes: Attributes;
  eventName: EventName;
  /** Gives the new version its pieces, in the same transaction. */
  addPieces: (created: Version) => void;
  /** Throws unless the version that is there now is the one that the request asks for. */
  checkCurrent?: (current: Version | undefined) => void;
}

export interface VersionRow {
  sequence: number;
  key: Uint8Array;
  version: string;
  latest: number;
  marker: number;
  size: number;
  etag: string;
  modified_ms: number;
  attributes: string;
}

export interface Deletion {
  /** What was deleted or made. */
  versionId?: string;
  isMarker: boolean;
}

/** Objects in all their versions. Each change is one transaction; then its event is told. */
export class Versions {
  readonly #database: Database;
  readonly #buckets: Buckets;
  readonly #bodies: Bodies;
  readonly #outbox: Outbox;
  readonly #now: () => number;

  constructor(database: Database, buckets: Buckets, bodies: Bodies, outbox: Outbox, now: () => number) {
    this.#database = database;
    this.#buckets = buckets;
    this.#bodies = bodies;
    this.#outbox = outbox;
    this.#now = now;
  }

  latest(bucket: string, key: string): Version | undefined {
    const sql = 'SELECT * FROM versions WHERE bucket = ? AND key = ? AND latest = 1';
    return toVersion(this.#database.get<VersionRow>(sql, bucket, Buffer.from(key)));
  }

  find(bucket: string, key: string, version: string): Version | undefined {
    const sql = 'SELECT * FROM versions WHERE bucket = ? AND key = ? AND version = ?';
    return toVersion(this.#database.get<VersionRow>(sql, bucket, Buffer.from(key), version));
  }

  readPieces(sequence: number): Piece[] {
    return this.#database.all<Piece>('SELECT * FROM pieces WHERE holder = ? ORDER BY number', sequence);
  }

  /** Makes a version the latest one; without versions, in place of the one before. */
  create(version: NewVersion): Version {
    const { key, size, etag, attributes, eventName } = version;
    const { name } = version.bucket;
    const discarded: string[] = [];
    const { created, change } = this.#database.transact(() => {
      // It may have gone while the bytes came.
      const bucket = this.#buckets.require(name);
      const current = this.latest(name, key);
      version.checkCurrent?.(current);
      const isVersioned = bucket.settings.versioning === 'Enabled';
      if (!isVersioned) discarded.push(...this.#deleteRow(this.find(name, key, 'null')));
      const created: Version = {
        sequence: this.#database.nextSequence(),
        key,
        version: isVersioned ? newVersionId() : 'null',
        isLatest: true,
        isMarker: false,
        size,
        etag,
        modifiedMs: this.#nowInSeconds(),
        attributes,
      };
      this.#insert(name, created);
      version.addPieces(created);
      const change = this.#changeOf(bucket, created, eventName, { size, etag });
      return { created, change };
    });
    this.#bodies.discard(discarded);
    this.#outbox.tell(change);
    return created;
  }

  /**
   * Deletes a version or, without its id, the object: where versions are kept that makes a delete marker.
   *
   * @param checkCurrent throws unless what is there may be deleted. With it, nothing is done where nothing is.
   */
  delete(bucket: Bucket, key: string, versionId?: string, checkCurrent?: (current: Version) => void): Deletion {
    const { name, settings } = bucket;
    const discarded: string[] = [];
    const { deletion, change } = this.#database.transact(() => {
      const target = versionId === undefined ? this.latest(name, key) : this.find(name, key, versionId);
      if (target) checkCurrent?.(target);
      else if (checkCurrent) return { deletion: { isMarker: false }, change: undefined };
      if (versionId !== undefined || settings.versioning === undefined) {
        const deletion = target?.isMarker
          ? { versionId: target.version, isMarker: true }
          : { ...(versionId === undefined ? {} : { versionId }), isMarker: false };
        if (!target) return { deletion, change: undefined };
        discarded.push(...this.#deleteRow(target));
        return { deletion, change: this.#changeOf(bucket, target, 'ObjectRemoved:Delete') };
      }
      const isVersioned = settings.versioning === 'Enabled';
      if (!isVersioned) discarded.push(...this.#deleteRow(this.find(name, key, 'null')));
      const marker: Version = {
        sequence: this.#database.nextSequence(),
        key,
        version: isVersioned ? newVersionId() : 'null',
        isLatest: true,
        isMarker: true,
        size: 0,
        etag: '',
        modifiedMs: this.#nowInSeconds(),
        attributes: { headers: {}, metadata: {}, tags: [], acl: 'private' },
      };
      this.#insert(name, marker);
      const change = this.#changeOf(bucket, marker, 'ObjectRemoved:DeleteMarkerCreated');
      return { deletion: { versionId: marker.version, isMarker: true }, change };
    });
    this.#bodies.discard(discarded);
    if (change) this.#outbox.tell(change);
    return deletion;
  }

  /** Changes tags or the like; the bytes and the time stay. */
  changeAttributes(bucket: Bucket, version: Version, changed: Partial<Attributes>, eventName?: EventName): void {
    const attributes = JSON.stringify({ ...version.attributes, ...changed });
    const change = this.#database.transact(() => {
      this.#database.run('UPDATE versions SET attributes = ? WHERE sequence = ?', attributes, version.sequence);
      return eventName && this.#changeOf(bucket, version, eventName, { etag: version.etag });
    });
    if (change) this.#outbox.tell(change);
  }

  isEmpty(bucket: string): boolean {
    return this.#database.get('SELECT 1 FROM versions WHERE bucket = ? LIMIT 1', bucket) === undefined;
  }

  #insert(bucket: string, { sequence, key, version, isMarker, size, etag, modifiedMs, attributes }: Version): void {
    const bytes = Buffer.from(key);
    this.#database.run('UPDATE versions SET latest = 0 WHERE bucket = ? AND key = ? AND latest = 1', bucket, bytes);
    this.#database.run(
      'INSERT INTO versions VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?)',
      ...[sequence, bucket, bytes, version, isMarker ? 1 : 0, size, etag, modifiedMs, JSON.stringify(attributes)],
    );
  }

  /** @returns the files that nothing names any more. */
  #deleteRow(version: Version | undefined): string[] {
    if (!version) return [];
    const { sequence, isLatest } = version;
    const row = this.#database.get<{ bucket: string; key: Uint8Array }>(
      'DELETE FROM versions WHERE sequence = ? RETURNING bucket, key',
      sequence,
    )!;
    if (isLatest) {
      this.#database.run(
        'UPDATE versions SET latest = 1 WHERE sequence = (SELECT max(sequence) FROM versions WHERE bucket = ? AND key = ?)',
        ...[row.bucket, row.key],
      );
    }
    return deletePieces(this.#database, sequence);
  }

  /** Recorded in the transaction that makes it. */
  #changeOf(bucket: Bucket, version: Version, eventName: EventName, object?: ObjectChange['object']): ObjectChange {
    const isNew = eventName.startsWith('ObjectCreated:') || version.isMarker;
    const change: ObjectChange = {
      bucket: bucket.name,
      key: version.key,
      eventName,
      sequence: isNew && eventName !== 'ObjectRemoved:Delete' ? version.sequence : this.#database.nextSequence(),
      timeMs: this.#now(),
      ...(bucket.settings.versioning === undefined ? {} : { versionId: version.version }),
      ...(object ? { object } : {}),
    };
    this.#outbox.record(change);
    return change;
  }

  #nowInSeconds(): number {
    return Math.floor(this.#now() / 1000) * 1000;
  }
}

/** @returns the files that nothing names any more. */
export function deletePieces(database: Database, holder: number): string[] {
  return database
    .all<{ id: string; inFile: number }>(
      'DELETE FROM pieces WHERE holder = ? RETURNING id, data IS NULL AS inFile',
      holder,
    )
    .flatMap(({ id, inFile }) => (inFile ? [id] : []));
}

/** @param checksum in base64 */
export function insertPiece(
  database: Database,
  body: Body,
  { holder, number, checksum, nowMs }: { holder: number; number: number; checksum: string | undefined; nowMs: number },
): void {
  database.run(
    'INSERT INTO pieces VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ...[body.id, holder, number, body.size, body.md5, checksum ?? null, nowMs, body.data ?? null],
  );
}

/** @throws {S3Error} `InvalidArgument` for what can't be a version's id. */
export function requireVersionId(versionId: string | null): string | undefined {
  if (versionId === null) return undefined;
  if (versionId === 'null' || /^[\w.-]{1,64}$/.test(versionId)) return versionId;
  throw new S3Error('InvalidArgument', 'Invalid version id specified', {
    details: { ArgumentName: 'versionId', ArgumentValue: versionId },
  });
}

function newVersionId(): string {
  return randomBytes(24).toString('base64url');
}

export function toVersion(row: VersionRow | undefined): Version | undefined {
  return (
    row && {
      sequence: row.sequence,
      key: Buffer.from(row.key).toString('utf8'),
      version: row.version,
      isLatest: row.latest === 1,
      isMarker: row.marker === 1,
      size: row.size,
      etag: row.etag,
      modifiedMs: row.modified_ms,
      attributes: JSON.parse(row.attributes),
    }
  );
}
