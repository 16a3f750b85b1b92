import type { ImageRecord } from '@tagmill/core';
import { withImage } from '@tagmill/image-files';
import { type Isolation, taggedRecord, untaggedRecord } from '@tagmill/tagger';
import type { FileTagger } from './file-tagger.ts';

/** The record of a file. One that can't be tagged has its reason in it. */
export async function recordOf(
  file: string,
  { limits, tag }: Pick<FileTagger, 'limits' | 'tag'>,
  isolation?: Isolation,
): Promise<ImageRecord> {
  const name = { path: file };
  const startMs = performance.now();
  try {
    const { budget, ...tagging } = await withImage(file, limits, (bytes) => tag(bytes, startMs, isolation));
    return { ...taggedRecord(name, tagging, new Date()), ...(budget && { budget }) };
  } catch (error) {
    return untaggedRecord(name, error, new Date());
  }
}
