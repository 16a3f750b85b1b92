import type { Body } from './bodies.ts';
import type { Checksum } from './checksums.ts';
import type { S3Service } from './service.ts';
import { type NewVersion, type Version } from './versions.ts';
/**
 * Makes an object's latest version of a body that came whole.
 *
 * @returns it, and the checksum that is kept with it.
 */
export declare function storeBody({ bodies, database, now, versions }: S3Service, body: Body, { attributes, ...about }: Omit<NewVersion, 'size' | 'etag' | 'addPieces'>): {
    version: Version;
    checksum: Checksum | undefined;
};
