import type { EventName } from '../notifications.ts';
import type { Bodies, Body, StoredPiece } from './bodies.ts';
import type { Bucket, Buckets } from './buckets.ts';
import type { Checksum } from './checksums.ts';
import type { Database } from './database.ts';
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
export declare class Versions {
    #private;
    constructor(database: Database, buckets: Buckets, bodies: Bodies, outbox: Outbox, now: () => number);
    latest(bucket: string, key: string): Version | undefined;
    find(bucket: string, key: string, version: string): Version | undefined;
    readPieces(sequence: number): Piece[];
    /** Makes a version the latest one; without versions, in place of the one before. */
    create(version: NewVersion): Version;
    /**
     * Deletes a version or, without its id, the object: where versions are kept that makes a delete marker.
     *
     * @param checkCurrent throws unless what is there may be deleted. With it, nothing is done where nothing is.
     */
    delete(bucket: Bucket, key: string, versionId?: string, checkCurrent?: (current: Version) => void): Deletion;
    /** Changes tags or the like; the bytes and the time stay. */
    changeAttributes(bucket: Bucket, version: Version, changed: Partial<Attributes>, eventName?: EventName): void;
    isEmpty(bucket: string): boolean;
}
/** @returns the files that nothing names any more. */
export declare function deletePieces(database: Database, holder: number): string[];
/** @param checksum in base64 */
export declare function insertPiece(database: Database, body: Body, { holder, number, checksum, nowMs }: {
    holder: number;
    number: number;
    checksum: string | undefined;
    nowMs: number;
}): void;
/** @throws {S3Error} `InvalidArgument` for what can't be a version's id. */
export declare function requireVersionId(versionId: string | null): string | undefined;
export declare function toVersion(row: VersionRow | undefined): Version | undefined;
