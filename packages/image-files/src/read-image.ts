import fs from 'node:fs';
import { promisify } from 'node:util';
import { TagmillError } from '@tagmill/core';
import { toSystemPath } from './system-path.ts';

// Less work than the handles of node:fs/promises.
const open = promisify<fs.PathLike, number, number>(fs.open);
const read = promisify(fs.read);

/** A pipe that nobody writes to is opened at once, to be seen for what it is. */
const READ = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0);

/** What opening a socket says, and on Windows a folder. */
const UNOPENABLE = ['ENXIO', 'EISDIR'];

/** Memory for a file is kept for the next one, up to so much each. */
const MAX_KEPT_BYTES = 16 * 2 ** 20;

const idle: Buffer[] = [];

/**
 * Reads an image file, for as long as it is used: memory that is touched for the first time is slow, and what is given back in pieces
 * of megabytes makes V8 collect its garbage all the time.
 *
 * @throws {TagmillError} as {@link readImage}.
 */
export async function withImage<Result>(
  file: string,
  limits: { maxBytes: number },
  use: (bytes: Uint8Array) => Promise<Result>,
): Promise<Result> {
  let memory = idle.pop() ?? Buffer.alloc(0);
  try {
    const bytes = await readImage(file, limits, (size) => {
      if (memory.length < size) memory = Buffer.allocUnsafeSlow(size);
      return memory;
    });
    return await use(bytes);
  } finally {
    if (memory.length <= MAX_KEPT_BYTES) idle.push(memory);
  }
}

/**
 * Reads an image file.
 *
 * @param memoryFor at least so many bytes, which the file is put into.
 * @throws {TagmillError} `unreadable` if it isn't there or may not be read; `not-a-file` for folders, devices, pipes and sockets;
 * `too-many-bytes`, without reading it.
 */
export async function readImage(
  file: string,
  { maxBytes }: { maxBytes: number },
  memoryFor: (size: number) => Buffer = Buffer.allocUnsafeSlow,
): Promise<Uint8Array> {
  let descriptor: number | undefined;
  try {
    descriptor = await open(toSystemPath(file), READ);
    const stats = fs.fstatSync(descriptor);
    if (!stats.isFile()) throw new TagmillError('not-a-file', 'This is not a regular file');
    if (stats.size > maxBytes) {
      throw new TagmillError('too-many-bytes', `${stats.size} bytes, at most ${maxBytes} are read`);
    }
    return await readUpTo(descriptor, memoryFor(stats.size).subarray(0, stats.size));
  } catch (cause) {
    if (cause instanceof TagmillError) throw cause;
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (UNOPENABLE.includes(code)) throw new TagmillError('not-a-file', 'This is not a regular file', { cause });
    const why = { ENOENT: 'there is no such file', EACCES: 'permission denied' }[code] ?? code;
    throw new TagmillError('unreadable', `Cannot be read: ${why}`, { cause });
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/** @returns the part of the memory that the file fills. */
async function readUpTo(descriptor: number, memory: Buffer): Promise<Buffer> {
  let length = 0;
  while (length < memory.length) {
    const { bytesRead } = await read(descriptor, memory, length, memory.length - length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return memory.subarray(0, length);
}
