import type { Bodies, Body } from './bodies.ts';
import type { Checksum, ChecksumAlgorithm, ChecksumType } from './checksums.ts';
import type { Database } from './database.ts';
import { type Attributes } from './versions.ts';
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
    checksumPlan?: {
        algorithm: ChecksumAlgorithm;
        type: ChecksumType;
    };
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
/** Multipart uploads and their parts, until they become an object. */
export declare class Uploads {
    #private;
    constructor(database: Database, bodies: Bodies);
    create(bucket: string, key: string, startedMs: number, attributes: UploadAttributes): Upload;
    /** @throws {S3Error} `NoSuchUpload`; also for a completed one, unless it is asked for. */
    require(bucket: string, key: string, uploadId: string, withCompleted?: boolean): Upload;
    /** In the order of keys and, for a key, of uploads' ids; those behind `after`, with keys before `before`. */
    list(bucket: string, after: {
        key: Uint8Array;
        uploadId: string;
    }, before: Uint8Array | undefined, limit: number): Upload[];
    /** A part takes the place of an earlier one with its number. */
    addPart(upload: Upload, bucket: string, number: number, body: Body, checksum: string | undefined, nowMs: number): void;
    parts(upload: Upload, after?: number, limit?: number): Part[];
    /**
     * Gives an upload's parts to a version, numbered from 1 on. Part of the transaction that makes the version.
     *
     * @returns the files of the parts that weren't wanted.
     */
    giveParts(upload: Upload, parts: readonly Part[], sequence: number): string[];
    /** Part of the transaction that makes the version. */
    markCompleted(upload: Upload, completion: Completion): void;
    abort(upload: Upload): void;
    /** Part of the transaction that deletes the bucket. @returns files to discard. */
    deleteAll(bucket: string): string[];
    /** Forgets what was completed long ago. */
    forgetCompleted(nowMs: number): void;
}
