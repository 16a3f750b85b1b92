import { randomBytes } from 'node:crypto';
import type { Bodies, Body } from './bodies.ts';
import type { Checksum, ChecksumAlgorithm, ChecksumType } from './checksums.ts';
import type { Database } from './database.ts';
import { S3Error } from './errors.ts';
import { type Attributes, deletePieces, insertPiece } from './versions.ts';

/** A multipart upload that has begun. */
export interface Upload {
  id: number;
  uploadId: string;
  key: string;
  startedMs: number;
  attributes: UploadAttributes;
  /** If it was completed: what was answered, for a client that asks again. */
  completion?: Completion;
}

export interface UploadAttributes extends Attributes {
  /** Of the object that it becomes, if the client has chosen one. */
  checksumPlan?: { algorithm: ChecksumAlgorithm; type: ChecksumType };
}

export interface Completion {
  etag: string;
  versionId?: string;
  checksum?: Checksum;
}

export interface Part {
  number: number;
  size: number;
  md5: string;
  checksum: string | null;
  written_ms: number;
}

interface UploadRow {
  id: number;
  upload: string;
  key: Uint8Array;
  started_ms: number;
  attributes: string;
  completion: string | null;
}

/** How long a completed upload answers as it did. */
const KEEP_COMPLETED_MS = 24 * 3_600_000;

/** Multipart uploads and their parts, until they become an object. */
export class Uploads {
  readonly #database: Database;
  readonly #bodies: Bodies;

  constructor(database: Database, bodies: Bodies) {
    this.#database = database;
    this.#bodies = bodies;
  }

  create(bucket: string, key: string, startedMs: number, attributes: UploadAttributes): Upload {
    const uploadId = randomBytes(32).toString('base64url');
    const id = this.#database.transact(() => {
      const id = this.#database.nextSequence();
      this.#database.run(
        'INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?, NULL)',
        ...[id, uploadId, bucket, Buffer.from(key), startedMs, JSON.stringify(attributes)],
      );
      return id;
    });
    return { id, uploadId, key, startedMs, attributes };
  }

  /** @throws {S3Error} `NoSuchUpload`; also for a completed one, unless it is asked for. */
  require(bucket: string, key: string, uploadId: string, withCompleted = false): Upload {
    const sql = 'SELECT * FROM uploads WHERE upload = ? AND bucket = ? AND key = ?';
    const row = this.#database.get<UploadRow>(sql, uploadId, bucket, Buffer.from(key));
    if (row && (row.completion === null || withCompleted)) return toUpload(row);
    throw new S3Error(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      { details: { UploadId: uploadId } },
    );
  }

  /** In the order of keys and, for a key, of uploads' ids; those behind `after`, with keys before `before`. */
  list(
    bucket: string,
    after: { key: Uint8Array; uploadId: string },
    before: Uint8Array | undefined,
    limit: number,
  ): Upload[] {
    const unfinished = 'SELECT * FROM uploads WHERE bucket = ? AND completion IS NULL AND (key, upload) > (?, ?)';
    const order = 'ORDER BY key, upload LIMIT ?';
    const { key, uploadId } = after;
    const rows = before
      ? this.#database.all<UploadRow>(`${unfinished} AND key < ? ${order}`, bucket, key, uploadId, before, limit)
      : this.#database.all<UploadRow>(`${unfinished} ${order}`, bucket, key, uploadId, limit);
    return rows.map(toUpload);
  }

  /** A part takes the place of an earlier one with its number. */
  addPart(
    upload: Upload,
    bucket: string,
    number: number,
    body: Body,
    checksum: string | undefined,
    nowMs: number,
  ): void {
    const discarded = this.#database.transact(() => {
      // It may have ended while the bytes came.
      this.require(bucket, upload.key, upload.uploadId);
      const sql = 'DELETE FROM pieces WHERE holder = ? AND number = ? RETURNING id, data IS NULL AS inFile';
      const replaced = this.#database.get<{ id: string; inFile: number }>(sql, upload.id, number);
      insertPiece(this.#database, body, { holder: upload.id, number, checksum, nowMs });
      return replaced?.inFile ? [replaced.id] : [];
    });
    this.#bodies.discard(discarded);
  }

  parts(upload: Upload, after = 0, limit = -1): Part[] {
    const sql = `SELECT number, size, md5, checksum, written_ms FROM pieces WHERE holder = ? AND number > ?
      ORDER BY number LIMIT ?`;
    return this.#database.all<Part>(sql, upload.id, after, limit);
  }

  /**
   * Gives an upload's parts to a version, numbered from 1 on. Part of the transaction that makes the version.
   *
   * @returns the files of the parts that weren't wanted.
   */
  giveParts(upload: Upload, parts: readonly Part[], sequence: number): string[] {
    for (const [i, { number }] of parts.entries()) {
      const sql = 'UPDATE pieces SET holder = ?, number = ? WHERE holder = ? AND number = ?';
      this.#database.run(sql, sequence, i + 1, upload.id, number);
    }
    return deletePieces(this.#database, upload.id);
  }

  /** Part of the transaction that makes the version. */
  markCompleted(upload: Upload, completion: Completion): void {
    this.#database.run('UPDATE uploads SET completion = ? WHERE id = ?', JSON.stringify(completion), upload.id);
  }

  abort(upload: Upload): void {
    const discarded = this.#database.transact(() => {
      this.#database.run('DELETE FROM uploads WHERE id = ?', upload.id);
      return deletePieces(this.#database, upload.id);
    });
    this.#bodies.discard(discarded);
  }

  /** Part of the transaction that deletes the bucket. @returns files to discard. */
  deleteAll(bucket: string): string[] {
    const rows = this.#database.all<{ id: number }>('DELETE FROM uploads WHERE bucket = ? RETURNING id', bucket);
    return rows.flatMap(({ id }) => deletePieces(this.#database, id));
  }

  /** Forgets what was completed long ago. */
  forgetCompleted(nowMs: number): void {
    const sql = 'DELETE FROM uploads WHERE completion IS NOT NULL AND started_ms < ?';
    this.#database.run(sql, nowMs - KEEP_COMPLETED_MS);
  }
}

function toUpload({ id, upload, key, started_ms, attributes, completion }: UploadRow): Upload {
  return {
    id,
    uploadId: upload,
    key: Buffer.from(key).toString('utf8'),
    startedMs: started_ms,
    attributes: JSON.parse(attributes),
    ...(completion === null ? {} : { completion: JSON.parse(completion) }),
  };
}
