/**
 * Paths are bytes, and some are no UTF-8: names in Latin-1 on old disks. Here a path is text all the same, and a byte that
 * belongs to no UTF-8 character is U+DC00 plus that byte, as Python has it (PEP 383). JSON keeps such a character as
 * `\udce9`, so that a record names its file to the byte.
 */
import { isUtf8 } from 'node:buffer';

const STRAY_BYTE = /([\udc80-\udcff])/u;

/**
 * The text of a path that the system gave.
 *
 * @example
 * decodePath(Buffer.from('caf\xe9.jpg', 'latin1')) // 'caf\udce9.jpg'
 */
export function decodePath(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find((each) => isUtf8(bytes.subarray(at, at + each)));
    text += length ? bytes.toString('utf8', at, at + length) : String.fromCharCode(0xdc00 + bytes[at]!);
    at += length ?? 1;
  }
  return text;
}

/** A path for node:fs: text where it is UTF-8, else its bytes. */
export function toSystemPath(path: string): string | Buffer {
  if (!STRAY_BYTE.test(path)) return path;
  const parts = path.split(STRAY_BYTE);
  return Buffer.concat(
    parts.map((part, i) => (i % 2 === 0 ? Buffer.from(part) : Buffer.from([part.charCodeAt(0) & 0xff]))),
  );
}

/** A path for people: a stray byte as `\xe9`, a control character as JSON has it, since a terminal would obey it. */
export function toPrintable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const controls = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => JSON.stringify(character).slice(1, -1));
  return withStrayBytes(controls);
}

/** A path in which stray bytes are written as `\xe9`: as text they would all become the same character. */
export function withStrayBytes(path: string): string {
  return path.replace(/[\udc80-\udcff]/gu, (byte) => `\\x${(byte.charCodeAt(0) & 0xff).toString(16)}`);
}
