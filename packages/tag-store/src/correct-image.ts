import { setTimeout } from 'node:timers/promises';
import { type ImageRecord, TagmillError } from '@tagmill/core';
import { type Correction, mergeCorrection } from './corrections.ts';
import type { ObjectName } from './keys.ts';
import { assertReadable } from './state.ts';
import type { TagStore } from './tag-store.ts';
import type { ImageState } from './types.ts';

export interface CorrectImageOptions {
  store: Pick<TagStore, 'read' | 'write'>;
  now: () => Date;
  /**
   * Has someone look at the image a while later, so that what a crash leaves unfinished is finished: a write must never be
   * left alone (docs/decisions/06-exactly-once.md).
   */
  announce: (image: ImageState) => Promise<void>;
  /** Version of the rules that the correction's words are named by; none if there are no rules. */
  rules: string | undefined;
  /** Before it is tried again, and twice as long each time. */
  pauseMs?: number;
}

/** Each time someone else was writing the image. */
const MAX_ATTEMPTS = 5;

/**
 * In place of a version, for an image whose tags are named by some rules and its corrections by others. None that are in force
 * are called so: whoever looks at it names it anew.
 */
const MIXED_RULES = 'mixed';

/** A write takes some milliseconds. */
const PAUSE_MS = 20;

/**
 * Corrects an image's tags. It doesn't look at the object: what is corrected is what the table shows.
 *
 * @returns its record, corrected.
 * @throws {TagmillError} `not-found` if it has no record; `unreadable` if that can't be read; `invalid-argument` if it has no tags to correct, being rejected or
 * failed, or the correction makes no sense; `conflict` if it is written by others again and again.
 */
export async function correctImage(
  name: ObjectName,
  correction: Correction,
  options: CorrectImageOptions,
): Promise<ImageRecord> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptToCorrect(name, correction, options);
    } catch (error) {
      const isConflict = error instanceof TagmillError && error.code === 'conflict';
      if (!isConflict || attempt === MAX_ATTEMPTS) throw error;
      await setTimeout((options.pauseMs ?? PAUSE_MS) * 2 ** attempt);
    }
  }
}

async function attemptToCorrect(
  name: ObjectName,
  correction: Correction,
  { store, now, announce, ...words }: CorrectImageOptions,
): Promise<ImageRecord> {
  const seen = assertReadable(await store.read(name));
  const { record, own, scores, fingerprint, lastModified } = seen;
  if (!record) throw new TagmillError('not-found', `No record of ${name.key} in ${name.bucket}`);
  const { sha256 } = record.image;
  if ((record.outcome !== 'tagged' && record.outcome !== 'empty') || sha256 === undefined) {
    throw new TagmillError(
      'invalid-argument',
      `${name.key} is ${record.outcome}: only what was tagged can be corrected`,
    );
  }
  const before = seen.corrections ?? { sha256, added: [], removed: [] };
  const corrections = mergeCorrection(before, correction);
  const modelRecord = removeCorrections(record, own);
  const rules = seen.rules === words.rules ? seen.rules : MIXED_RULES;

  await announce(seen);
  const kept = { scores, fingerprint, lastModified };
  return (await store.write(seen, { record: modelRecord, corrections, ...kept, rules, at: now() }))!;
}

/** The record as the model has it. */
export function removeCorrections({ removed: _, ...record }: ImageRecord, own: ImageState['own']): ImageRecord {
  if (!own) return record;
  return { ...record, ...own, outcome: own.tags.length > 0 ? 'tagged' : 'empty' };
}
