import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import { TagmillError } from '@tagmill/core';

/** Where records go. */
export interface Output {
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/** So much of a file tells whether it is an image. */
const HEAD_BYTES = 1024;

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  ENOSPC: 'no space is left',
  EROFS: 'the disk is read-only',
};

/**
 * Opens what records are written to.
 *
 * @param file standard output if absent.
 * @param options.append adds to what is there.
 * @throws {TagmillError} `invalid-argument` if it can't be written there, or an image would be lost; when writing, `unavailable`.
 */
export async function openOutput(file: string | undefined, { append = false } = {}): Promise<Output> {
  if (file === undefined) {
    return { write: writeOut, close: async () => undefined };
  }
  await assertNoImage(file);
  const handle = await fs.open(file, append ? 'a' : 'w').catch((cause) => {
    throw cannotWrite('invalid-argument', file, cause);
  });
  // One after the other: several may write at once.
  let written: Promise<unknown> = Promise.resolve();
  return {
    write: (text) => {
      const next = written.then(() => (text ? handle.appendFile(text) : undefined));
      written = next.catch(() => undefined);
      return next.then(
        () => undefined,
        (cause) => {
          throw cannotWrite('unavailable', file, cause);
        },
      );
    },
    close: async () => {
      await written;
      await handle.close();
    },
  };
}

/** Waits where the reader is slower. That nobody reads any more is seen where the command begins. */
async function writeOut(text: string): Promise<void> {
  if (text && !process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** One line about what can't be written. */
export function cannotWrite(
  code: 'invalid-argument' | 'unavailable',
  name: string,
  cause: NodeJS.ErrnoException,
): TagmillError {
  return new TagmillError(code, `${name} cannot be written: ${WHY[cause.code ?? ''] ?? cause.code ?? cause.message}`, {
    cause,
  });
}

/**
 * A slip of `--output` must not cost a photo.
 *
 * @throws {TagmillError} `invalid-argument` if the file is an image, by its bytes.
 */
export async function assertNoImage(file: string): Promise<void> {
  const handle = await fs.open(file).catch(() => undefined);
  if (!handle) return;
  try {
    if (!(await handle.stat()).isFile()) return;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const { imageName } = await import('@tagmill/tagger/format');
    const name = imageName(buffer.subarray(0, bytesRead));
    if (name === undefined) return;
    throw new TagmillError(
      'invalid-argument',
      `${path.basename(file)} is an image (${name}), which --output would destroy: name another file`,
    );
  } finally {
    await handle.close();
  }
}
