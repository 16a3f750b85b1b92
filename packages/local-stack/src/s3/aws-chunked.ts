import { S3Error } from './errors.ts';

/** Longer than any line between chunks: a size, a signature, a trailing header. */
const MAX_LINE_BYTES = 16_384;

/**
 * Takes the payload out of a body in AWS's chunks. Signatures aren't checked.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 *
 * @param trailers gets the trailing headers, once the payload was read.
 * @throws {S3Error} `IncompleteBody` if the body ends early, `InvalidRequest` if it isn't made of chunks.
 */
export async function* decodeAwsChunks(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  let pending: Buffer = Buffer.alloc(0);
  let state: 'size' | 'data' | 'data-end' | 'trailers' | 'end' = 'size';
  let remaining = 0;
  for await (const chunk of source) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (pending.length > 0 && state !== 'end') {
      if (state === 'data') {
        const data = pending.subarray(0, remaining);
        pending = pending.subarray(data.length);
        remaining -= data.length;
        if (remaining === 0) state = 'data-end';
        yield data;
        continue;
      }
      const lineEnd = pending.indexOf('\n');
      if (lineEnd === -1) {
        if (pending.length > MAX_LINE_BYTES) throw notChunked();
        break;
      }
      const line = pending.toString('latin1', 0, lineEnd).trimEnd();
      pending = pending.subarray(lineEnd + 1);
      if (state === 'data-end') {
        if (line !== '') throw notChunked();
        state = 'size';
      } else if (state === 'size') {
        remaining = parseSize(line);
        state = remaining === 0 ? 'trailers' : 'data';
      } else if (line === '') {
        state = 'end';
      } else {
        const colon = line.indexOf(':');
        if (colon === -1) throw notChunked();
        trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
      }
    }
  }
  // Some clients leave out the empty line after the trailers.
  if (state !== 'end' && state !== 'trailers') {
    throw new S3Error('IncompleteBody', 'The body ended before its last chunk.');
  }
}

function parseSize(line: string): number {
  const digits = /^([0-9a-f]{1,12})(;.*)?$/i.exec(line)?.[1];
  if (digits === undefined) throw notChunked();
  return Number.parseInt(digits, 16);
}

function notChunked(): S3Error {
  return new S3Error('InvalidRequest', 'The body is not in aws-chunked encoding.');
}
