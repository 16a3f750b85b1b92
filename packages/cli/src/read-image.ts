import fs from 'node:fs/promises';
import { TagmillError } from '@tagmill/core';

/**
 * Reads an image file.
 *
 * @throws {TagmillError} `unreadable` if it isn't there or may not be read; `not-a-file` for folders, devices and pipes;
 * `too-many-bytes`, without reading it.
 */
export async function readImage(file: string, { maxBytes }: { maxBytes: number }): Promise<Uint8Array> {
  try {
    const stats = await fs.stat(file);
    if (!stats.isFile()) throw new TagmillError('not-a-file', 'This is not a regular file');
    if (stats.size > maxBytes) {
      throw new TagmillError('too-many-bytes', `${stats.size} bytes, at most ${maxBytes} are read`);
    }
    return await fs.readFile(file);
  } catch (cause) {
    if (cause instanceof TagmillError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    const why = { ENOENT: 'there is no such file', EACCES: 'permission denied' }[code ?? ''] ?? code;
    throw new TagmillError('unreadable', `Cannot be read: ${why}`, { cause });
  }
}
