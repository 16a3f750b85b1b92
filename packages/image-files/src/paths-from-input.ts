import { isatty } from 'node:tty';
import { TagmillError } from '@tagmill/core';
import { decodePath } from './system-path.ts';

/** Stands for the paths on standard input. */
const INPUT = '-';

/**
 * Replaces `-` by the paths on standard input, each on a line of its own, or each ended by a NUL, as `find -print0` writes them.
 *
 * @throws {TagmillError} `invalid-argument` if it is a terminal.
 */
export async function readPathsFromInput(
  given: readonly string[],
  input: AsyncIterable<Uint8Array> & { fd?: number },
): Promise<string[]> {
  if (!given.includes(INPUT)) return [...given];
  if (input.fd !== undefined && isatty(input.fd)) {
    throw new TagmillError(
      'invalid-argument',
      '`tagmill tag -` reads paths from standard input: find … | tagmill tag -',
    );
  }
  const bytes = Buffer.concat(await Array.fromAsync(input));
  // As bytes: a line in Latin-1 spoils no other.
  const text = bytes.toString('latin1');
  const lines = text.split(text.includes('\0') ? '\0' : /\r?\n/).filter(Boolean);
  const paths = lines.map((line) => decodePath(Buffer.from(line, 'latin1')));
  return given.flatMap((path) => (path === INPUT ? paths : [path]));
}
