import fs from 'node:fs/promises';
import path from 'node:path';
import { TagmillError } from '@tagmill/core';

export interface LabelledImage {
  /** The image file's bytes. */
  bytes: Uint8Array;
  /** Class index. */
  label: number;
}

/**
 * The images of a packed data set's part: `PART.webps` holds image files one after another, `PART.offsets.u32` where each
 * begins and the last ends (little-endian), `PART.labels.u8` their classes.
 *
 * @throws {TagmillError} `invalid-argument` if the folder holds no such set, or its files don't agree.
 */
export async function readPackedImages(directory: string, part: 'train' | 'validation'): Promise<LabelledImage[]> {
  const read = (name: string) =>
    fs.readFile(path.join(directory, name)).catch((cause) => {
      throw new TagmillError('invalid-argument', `${directory} is no packed data set: cannot read ${name}`, { cause });
    });
  const [images, offsetBytes, labels] = await Promise.all(
    [`${part}.webps`, `${part}.offsets.u32`, `${part}.labels.u8`].map(read) as [
      Promise<Buffer>,
      Promise<Buffer>,
      Promise<Buffer>,
    ],
  );
  const offsets = Array.from({ length: labels.length + 1 }, (_, i) =>
    4 * i + 4 <= offsetBytes.length ? offsetBytes.readUInt32LE(4 * i) : Number.NaN,
  );
  if (offsetBytes.length !== 4 * offsets.length || offsets.at(-1) !== images.length) {
    throw new TagmillError('invalid-argument', `${directory}: labels, offsets and images don't agree`);
  }
  return Array.from(labels, (label, i) => ({ bytes: images.subarray(offsets[i], offsets[i + 1]), label }));
}
