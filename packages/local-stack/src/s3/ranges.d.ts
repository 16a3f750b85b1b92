import type { ByteRange } from './bodies.ts';
/**
 * The bytes that a `Range` header asks for.
 *
 * @returns `undefined` for all of them: S3 ignores what isn't one range of bytes.
 * @throws {S3Error} `InvalidRange` if there are no such bytes.
 */
export declare function parseRange(range: string | undefined, size: number): ByteRange | undefined;
