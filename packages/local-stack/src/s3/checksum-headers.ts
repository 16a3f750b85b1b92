import { CHECKSUM_ALGORITHMS, type Checksum, type ChecksumAlgorithm, elementName, headerName } from './checksums.ts';
import type { XmlContent } from './xml.ts';

/** @returns what an object that came in one piece is kept with: one checksum, as S3 does. */
export function chooseChecksum(checksums: ReadonlyMap<ChecksumAlgorithm, string>): Checksum | undefined {
  const algorithm = CHECKSUM_ALGORITHMS.find((each) => checksums.has(each));
  return algorithm && { algorithm, type: 'FULL_OBJECT', value: checksums.get(algorithm)! };
}

export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return { [headerName(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** As children of an answer's element; parts have no type. */
export function checksumContent(checksum: Checksum | undefined, withType = true): Record<string, XmlContent> {
  if (!checksum) return {};
  return { [elementName(checksum.algorithm)]: checksum.value, ChecksumType: withType ? checksum.type : undefined };
}
