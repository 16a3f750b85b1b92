import { type Checksum, type ChecksumAlgorithm } from './checksums.ts';
import type { XmlContent } from './xml.ts';
/** @returns what an object that came in one piece is kept with: one checksum, as S3 does. */
export declare function chooseChecksum(checksums: ReadonlyMap<ChecksumAlgorithm, string>): Checksum | undefined;
export declare function checksumHeaders(checksum: Checksum | undefined): Record<string, string>;
/** As children of an answer's element; parts have no type. */
export declare function checksumContent(checksum: Checksum | undefined, withType?: boolean): Record<string, XmlContent>;
