import { createHash } from 'node:crypto';

/** Of a name that an upload keeps: an S3 key takes 1,024 bytes. */
const MAX_NAME_BYTES = 200;

/**
 * The key of an upload: the digest of its content and the end of its name, so that two photos with one name don't replace each
 * other, and one that is dropped twice is there once.
 *
 * @example
 * uploadKey({ prefix: 'in/', name: 'holiday/IMG_1.jpg', bytes }) // 'in/5f2b0c11-IMG_1.jpg'
 */
export function uploadKey({ prefix, name, bytes }: { prefix: string; name: string; bytes: Uint8Array }): string {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  const plain = name
    .split(/[/\\]/)
    .at(-1)!
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  return `${prefix}${digest}-${lastBytes(plain)}`;
}

/** The end of it, where the format is said; not half of a character. */
function lastBytes(text: string): string {
  const bytes = Buffer.from(text);
  return bytes
    .subarray(Math.max(0, bytes.length - MAX_NAME_BYTES))
    .toString()
    .replace(/^\uFFFD+/, '');
}
