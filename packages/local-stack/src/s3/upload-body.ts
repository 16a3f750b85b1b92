import { decodeAwsChunks } from './aws-chunked.ts';
import type { Bodies, Body } from './bodies.ts';
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  headerName,
  parseAlgorithm,
  requireChecksum,
} from './checksums.ts';
import { S3Error } from './errors.ts';
import { header, type S3Request } from './request.ts';

/** The most that one request may bring. */
export const MAX_UPLOAD_BYTES = 5 * 2 ** 30;

/** What a request says of its body. */
interface Expectations {
  algorithms: Set<ChecksumAlgorithm>;
  /** In base64. */
  checksums: Map<ChecksumAlgorithm, string>;
  md5?: string;
  sha256?: string;
  size?: number;
}

export interface ReceiveOptions {
  /** Algorithms to compute besides those that the request names. */
  algorithms?: Iterable<ChecksumAlgorithm>;
  /** In place of the request's own body. */
  source?: AsyncIterable<Uint8Array>;
}

/**
 * Takes a request's body as it comes, whatever its encoding, and checks it against every checksum that the request has.
 *
 * @returns bytes that belong to nobody yet: the caller has to keep or discard them.
 * @throws {S3Error} `BadDigest` or `XAmzContentSHA256Mismatch` if they are others, `IncompleteBody`, `EntityTooLarge`.
 */
export async function receiveBody(request: S3Request, bodies: Bodies, options: ReceiveOptions = {}): Promise<Body> {
  const expected = readExpectations(request);
  for (const algorithm of options.algorithms ?? []) expected.algorithms.add(algorithm);
  if ((expected.size ?? 0) > MAX_UPLOAD_BYTES) throw tooLarge();
  const trailers = new Map<string, string>();
  const source = options.source ?? payloadOf(request, trailers);
  const body = await bodies.write(source, expected.algorithms, expected.sha256 !== undefined);
  try {
    for (const algorithm of CHECKSUM_ALGORITHMS) {
      const trailer = trailers.get(headerName(algorithm));
      if (trailer !== undefined) expected.checksums.set(algorithm, requireChecksum(algorithm, trailer));
    }
    checkBody(body, expected);
    return body;
  } catch (error) {
    bodies.discard(body.data ? [] : [body.id]);
    throw error;
  }
}

/** The bytes that a request brings. Nothing is read, and nobody told to send, before the first is asked for. */
export async function* payloadOf(request: S3Request, trailers = new Map<string, string>()): AsyncGenerator<Buffer> {
  const { message, response } = request;
  if (message.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
  const isChunked = header(request, 'x-amz-content-sha256')?.startsWith('STREAMING-') ?? false;
  let size = 0;
  try {
    for await (const chunk of isChunked ? decodeAwsChunks(message, trailers) : message) {
      size += chunk.length;
      if (size > MAX_UPLOAD_BYTES) throw tooLarge();
      yield chunk;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
    throw new S3Error('IncompleteBody', 'The connection ended before the body did.', { cause: error });
  }
}

function readExpectations(request: S3Request): Expectations {
  const checksums = new Map<ChecksumAlgorithm, string>();
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = header(request, headerName(algorithm));
    if (value !== undefined) checksums.set(algorithm, requireChecksum(algorithm, value));
  }
  const algorithms = new Set(checksums.keys());
  for (const name of (header(request, 'x-amz-trailer') ?? '').split(',')) {
    const algorithm = /^\s*x-amz-checksum-(\w+)\s*$/i.exec(name)?.[1];
    if (algorithm) algorithms.add(parseAlgorithm(algorithm));
  }
  const named = header(request, 'x-amz-sdk-checksum-algorithm');
  if (named !== undefined) algorithms.add(parseAlgorithm(named));
  const md5 = header(request, 'content-md5');
  if (md5 !== undefined && !/^[A-Za-z0-9+/]{22}==$/.test(md5)) {
    throw new S3Error('InvalidDigest', 'The Content-MD5 you specified is not valid.');
  }
  const sha256 = header(request, 'x-amz-content-sha256');
  const size = header(request, 'x-amz-decoded-content-length');
  return {
    algorithms,
    checksums,
    ...(md5 === undefined ? {} : { md5 }),
    ...(sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? { sha256 } : {}),
    ...(size === undefined ? {} : { size: Number(size) }),
  };
}

function checkBody(body: Body, { checksums, md5, sha256, size }: Expectations): void {
  if (size !== undefined && size !== body.size) {
    throw new S3Error('IncompleteBody', `The body has ${body.size} bytes; x-amz-decoded-content-length says ${size}.`);
  }
  if (md5 !== undefined && Buffer.from(md5, 'base64').toString('hex') !== body.md5) {
    throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  if (sha256 !== undefined && sha256 !== body.sha256) {
    throw new S3Error(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  for (const [algorithm, value] of checksums) {
    if (body.checksums.get(algorithm) !== value) {
      throw new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
    }
  }
}

function tooLarge(): S3Error {
  return new S3Error('EntityTooLarge', `One request may bring ${MAX_UPLOAD_BYTES} bytes at most`);
}
