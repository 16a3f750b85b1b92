/** By their names in requests. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
export declare const CHECKSUM_ALGORITHMS: readonly ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'];
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];
/** `COMPOSITE`: of the parts' checksums, one after another, with the count of parts. `FULL_OBJECT`: of all bytes. */
export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';
export interface Checksum {
    algorithm: ChecksumAlgorithm;
    /** In base64; composite ones end in `-` and the count of parts. */
    value: string;
    type: ChecksumType;
}
export interface Hasher {
    update(data: Uint8Array): void;
    digest(): Buffer;
}
export declare function createHasher(algorithm: ChecksumAlgorithm | 'MD5'): Promise<Hasher>;
export declare function headerName(algorithm: ChecksumAlgorithm): string;
/** As in answers' XML, such as `ChecksumSHA256`. */
export declare function elementName(algorithm: ChecksumAlgorithm): `Checksum${ChecksumAlgorithm}`;
/** @throws {S3Error} `InvalidRequest` for a name that isn't known. */
export declare function parseAlgorithm(name: string): ChecksumAlgorithm;
/** @throws {S3Error} `InvalidRequest` if it can't be a checksum of this algorithm. */
export declare function requireChecksum(algorithm: ChecksumAlgorithm, value: string): string;
/** The type that a multipart upload has where its request names none. */
export declare function defaultType(algorithm: ChecksumAlgorithm): ChecksumType;
/** @throws {S3Error} `InvalidRequest` for a type that S3 doesn't compute with this algorithm. */
export declare function requireType(algorithm: ChecksumAlgorithm, type: string): ChecksumType;
/** The checksum of an object that is made of parts, from theirs. */
export declare function checksumOfParts(algorithm: ChecksumAlgorithm, type: ChecksumType, parts: readonly {
    size: number;
    checksum: string;
}[]): Promise<Checksum>;
