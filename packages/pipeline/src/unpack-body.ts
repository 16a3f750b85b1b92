import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, type ZlibOptions, zstdDecompress } from 'node:zlib';
import { TagmillError } from '@tagmill/core';

/** Where no compressed body is expected to be. */
const NOT_PACKED: readonly string[] = ['', 'identity', 'aws-chunked'];

const GZIP = { unpack: promisify(gunzip), magic: [0x1f, 0x8b] };

/** By content coding: https://www.iana.org/assignments/http-parameters */
const CODINGS: Record<string, { unpack: Unpack; magic?: readonly number[] }> = {
  gzip: GZIP,
  'x-gzip': GZIP,
  deflate: { unpack: promisify(inflate) },
  br: { unpack: promisify(brotliDecompress) },
  zstd: { unpack: promisify(zstdDecompress), magic: [0x28, 0xb5, 0x2f, 0xfd] },
};

type Unpack = (bytes: Uint8Array, options: Pick<ZlibOptions, 'maxOutputLength'>) => Promise<Uint8Array>;

/** More are packed to exhaust whoever unpacks them. */
const MAX_CODINGS = 2;

/**
 * Unpacks an object that was stored with a `Content-Encoding`: S3 gives it as it is stored. An object that only claims to be
 * packed is left as it is.
 *
 * @param options.maxBytes that it may have when it is unpacked.
 * @throws {TagmillError} `unsupported-format` if the coding is unknown; `corrupt` if the body isn't of it; `too-many-bytes`.
 *
 * @example
 * await unpackBody(gzipSync('image'), { encoding: 'gzip', maxBytes: 100 }) // the bytes of 'image'
 */
export async function unpackBody(
  body: Uint8Array,
  { encoding = '', maxBytes }: { encoding?: string | undefined; maxBytes: number },
): Promise<Uint8Array> {
  const codings = encoding
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => !NOT_PACKED.includes(coding));
  if (codings.length > MAX_CODINGS || codings.some((coding) => !Object.hasOwn(CODINGS, coding))) {
    throw new TagmillError(
      'unsupported-format',
      `Its Content-Encoding is ${encoding}: there are ${Object.keys(CODINGS).join(', ')}, ${MAX_CODINGS} at once`,
    );
  }
  let bytes = body;
  // The last was applied last.
  for (const coding of codings.reverse()) {
    const { unpack, magic = [] } = CODINGS[coding]!;
    if (!magic.every((byte, i) => bytes[i] === byte)) continue;
    bytes = await unpack(bytes, { maxOutputLength: maxBytes }).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ERR_BUFFER_TOO_LARGE') {
        throw new TagmillError('too-many-bytes', `More than ${maxBytes} bytes when its ${coding} is unpacked`, {
          cause,
        });
      }
      throw new TagmillError('corrupt', `Its ${coding} cannot be unpacked: ${cause.message}`, { cause });
    });
  }
  return bytes;
}
