import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { DICTIONARY_1, DICTIONARY_2 } from './content-dictionary.ts';
import { NumberDecoder, NumberEncoder } from './number-coder.ts';
import type { Content } from './types.ts';

/**
 * Version 1: JSON, a zero, and the scores, deflated with {@link DICTIONARY_1}.
 *
 * @returns what was written as content, unchecked.
 */
export function decodeVersion1(bytes: Uint8Array): unknown {
  const whole = inflateRawSync(bytes, { dictionary: DICTIONARY_1 });
  const end = whole.indexOf(0);
  const { scores, ...rest } = JSON.parse(whole.toString('utf8', 0, end));
  return { ...rest, ...(scores && { scores: { ...scores, bytes: Uint8Array.from(whole.subarray(end + 1)) } }) };
}

/** Digests don't shrink, and as text they take more: these stand for texts of 64, 32 and 16 hexadecimal digits. JSON has no such signs. */
const DIGESTS = { '\u0001': 32, '\u0002': 16, '\u0003': 8 } as const;
const SIGNS = new Map<number, string>(Object.entries(DIGESTS).map(([sign, bytes]) => [bytes, sign]));
const DIGEST_TEXTS = /"([0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{16})"/g;
const DIGEST_SIGNS = new RegExp(`[${Object.keys(DIGESTS).join('')}]`, 'g');

/**
 * Version 2: the length of the deflated JSON, in two bytes; that JSON, with a sign in place of each digest and a count in place of the
 * scores and the embedding; the digests; the scores and the embedding, coded by {@link NumberEncoder}.
 */
export function encodeVersion2({ scores, fingerprint, ...rest }: Content): Uint8Array {
  const embedding = fingerprint?.embedding && Buffer.from(fingerprint.embedding, 'base64');
  const digests: Buffer[] = [];
  const text = JSON.stringify({
    ...rest,
    ...(scores && { scores: { ...scores, bytes: scores.bytes.length } }),
    ...(fingerprint && { fingerprint: { ...fingerprint, ...(embedding && { embedding: embedding.length }) } }),
  }).replace(DIGEST_TEXTS, (_, digits: string) => {
    digests.push(Buffer.from(digits, 'hex'));
    return SIGNS.get(digits.length / 2)!;
  });
  const deflated = deflateRawSync(text, { level: 9, dictionary: DICTIONARY_2 });
  const length = Buffer.alloc(2);
  length.writeUInt16LE(deflated.length);
  const numbers = new NumberEncoder();
  if (scores) numbers.put(scores.bytes, 'unsigned');
  if (embedding) numbers.put(asSigned(embedding), 'signed');
  return Buffer.concat([length, deflated, ...digests, numbers.end()]);
}

/** The inverse of {@link encodeVersion2}. */
export function decodeVersion2(bytes: Uint8Array): unknown {
  const packed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = 2 + packed.readUInt16LE();
  let next = end;
  const text = inflateRawSync(packed.subarray(2, end), { dictionary: DICTIONARY_2 })
    .toString('utf8')
    .replace(DIGEST_SIGNS, (sign) => {
      const from = next;
      next += DIGESTS[sign as keyof typeof DIGESTS];
      return `"${packed.toString('hex', from, next)}"`;
    });
  const { scores, fingerprint, ...rest } = JSON.parse(text);
  const numbers = new NumberDecoder(packed.subarray(next));
  const scoreBytes = scores && Uint8Array.from(numbers.take(scores.bytes, 'unsigned'));
  const embedding = fingerprint?.embedding && Int8Array.from(numbers.take(fingerprint.embedding, 'signed'));
  return {
    ...rest,
    ...(scores && { scores: { ...scores, bytes: scoreBytes } }),
    ...(fingerprint && {
      fingerprint: {
        ...fingerprint,
        ...(embedding && { embedding: Buffer.from(embedding.buffer).toString('base64') }),
      },
    }),
  };
}

function asSigned(bytes: Uint8Array): Int8Array {
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
