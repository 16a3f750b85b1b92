import crypto from 'node:crypto';
import zlib from 'node:zlib';
import { createCRC32, createCRC64 } from 'hash-wasm';
import { combineCrcs } from './combine-crcs.ts';
import { S3Error } from './errors.ts';

/** By their names in requests. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
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

/** Reflected, as in https://reveng.sourceforge.io/crc-catalogue/all.htm */
const CRC32C_POLYNOMIAL = 0x82f63b78;
const CRC64NVME_POLYNOMIAL = '9a6c9329ac4bc9b5';

const CRC_POLYNOMIALS: Readonly<Partial<Record<ChecksumAlgorithm, bigint>>> = {
  CRC32: 0xedb88320n,
  CRC32C: BigInt(CRC32C_POLYNOMIAL),
  CRC64NVME: BigInt(`0x${CRC64NVME_POLYNOMIAL}`),
};

const BYTES: Readonly<Record<ChecksumAlgorithm, number>> = { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 };

export async function createHasher(algorithm: ChecksumAlgorithm | 'MD5'): Promise<Hasher> {
  switch (algorithm) {
    case 'CRC32':
      return crc32();
    case 'CRC32C':
      return ofWasm(await createCRC32(CRC32C_POLYNOMIAL));
    case 'CRC64NVME':
      return ofWasm(await createCRC64(CRC64NVME_POLYNOMIAL));
    default:
      return crypto.createHash(algorithm);
  }
}

function crc32(): Hasher {
  let value = 0;
  return {
    update: (data) => {
      value = zlib.crc32(data, value);
    },
    digest: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    },
  };
}

function ofWasm(hasher: Awaited<ReturnType<typeof createCRC32>>): Hasher {
  hasher.init();
  return { update: (data) => hasher.update(data), digest: () => Buffer.from(hasher.digest('binary')) };
}

export function headerName(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** As in answers' XML, such as `ChecksumSHA256`. */
export function elementName(algorithm: ChecksumAlgorithm): `Checksum${ChecksumAlgorithm}` {
  return `Checksum${algorithm}`;
}

/** @throws {S3Error} `InvalidRequest` for a name that isn't known. */
export function parseAlgorithm(name: string): ChecksumAlgorithm {
  const known = CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === name.toUpperCase());
  if (known) return known;
  throw new S3Error('InvalidRequest', `Checksum algorithm ${name} is none of ${CHECKSUM_ALGORITHMS.join(', ')}`);
}

/** @throws {S3Error} `InvalidRequest` if it can't be a checksum of this algorithm. */
export function requireChecksum(algorithm: ChecksumAlgorithm, value: string): string {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length === BYTES[algorithm] && bytes.toString('base64') === value) return value;
  throw new S3Error('InvalidRequest', `Value for ${headerName(algorithm)} header is invalid.`);
}

/** The type that a multipart upload has where its request names none. */
export function defaultType(algorithm: ChecksumAlgorithm): ChecksumType {
  return algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
}

/** @throws {S3Error} `InvalidRequest` for a type that S3 doesn't compute with this algorithm. */
export function requireType(algorithm: ChecksumAlgorithm, type: string): ChecksumType {
  const possible =
    algorithm === 'CRC64NVME'
      ? ['FULL_OBJECT']
      : algorithm.startsWith('SHA')
        ? ['COMPOSITE']
        : ['COMPOSITE', 'FULL_OBJECT'];
  if (possible.includes(type)) return type as ChecksumType;
  throw new S3Error(
    'InvalidRequest',
    `The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
  );
}

/** The checksum of an object that is made of parts, from theirs. */
export async function checksumOfParts(
  algorithm: ChecksumAlgorithm,
  type: ChecksumType,
  parts: readonly { size: number; checksum: string }[],
): Promise<Checksum> {
  const digests = parts.map(({ checksum }) => Buffer.from(checksum, 'base64'));
  if (type === 'COMPOSITE') {
    const hasher = await createHasher(algorithm);
    for (const digest of digests) hasher.update(digest);
    return { algorithm, type, value: `${hasher.digest().toString('base64')}-${parts.length}` };
  }
  const polynomial = CRC_POLYNOMIALS[algorithm]!;
  const crcs = digests.map((digest, i) => ({ crc: BigInt(`0x${digest.toString('hex')}`), size: parts[i]!.size }));
  const width = BYTES[algorithm] * 8;
  const combined = combineCrcs(crcs, polynomial, width)
    .toString(16)
    .padStart(width / 4, '0');
  return { algorithm, type, value: Buffer.from(combined, 'hex').toString('base64') };
}
