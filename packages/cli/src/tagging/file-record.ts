import type { ImageRecord } from '@tagmill/core';
import { withImage } from '@tagmill/image-files';
import { type Isolation, makeTaggedRecord, makeUntaggedRecord } from '@tagmill/tagger';
import type { BudgetedTagging, FileTagger } from './file-tagger.ts';

/** Tags an image, or declines to: then there is no record of it. */
type MayDecline = (bytes: Uint8Array, startMs: number, isolation?: Isolation) => Promise<BudgetedTagging | undefined>;

/**
 * Reads a file, tags it and makes its record. A file that can't be tagged has the reason in its record.
 *
 * @returns undefined if the tagger declined the image.
 */
export function recordFile(
  file: string,
  tagger: Pick<FileTagger, 'limits' | 'tag'>,
  isolation?: Isolation,
): Promise<ImageRecord>;
export function recordFile(
  file: string,
  tagger: Pick<FileTagger, 'limits'> & { tag: MayDecline },
): Promise<ImageRecord | undefined>;
export function recordFile(
  file: string,
  { limits, tag }: Pick<FileTagger, 'limits'> & { tag: MayDecline },
  isolation?: Isolation,
): Promise<ImageRecord | undefined> {
  const startMs = performance.now();
  return recordTagging(file, () => withImage(file, limits, (bytes) => tag(bytes, startMs, isolation)));
}

/** Makes the record of a file from its tagging, or from the error that ended it. */
export function recordTagging(file: string, tag: () => Promise<BudgetedTagging>): Promise<ImageRecord>;
export function recordTagging(
  file: string,
  tag: () => Promise<BudgetedTagging | undefined>,
): Promise<ImageRecord | undefined>;
export async function recordTagging(
  file: string,
  tag: () => Promise<BudgetedTagging | undefined>,
): Promise<ImageRecord | undefined> {
  const name = { path: file };
  try {
    const found = await tag();
    if (!found) return undefined;
    const { budget, ...tagging } = found;
    return { ...makeTaggedRecord(name, tagging, new Date()), ...(budget && { budget }) };
  } catch (error) {
    return makeUntaggedRecord(name, error, new Date());
  }
}
