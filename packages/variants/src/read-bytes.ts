import fs from 'node:fs/promises';
import { TagmillError } from '@tagmill/core';

/** @throws {TagmillError} `invalid-catalogue` if the file can't be read. */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await fs.readFile(file);
  } catch (cause) {
    throw new TagmillError('invalid-catalogue', `Cannot read ${file}`, { cause });
  }
}
