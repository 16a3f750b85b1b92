import { setTimeout } from 'node:timers/promises';
import type { ImageRecord } from '@tagmill/core';
import type { CallApi } from '@tagmill/stack-client';
import type { ObjectName, UnreadableItem } from '@tagmill/tag-store';
import { readAnswer } from './stored-images.ts';

/** What a stack says of an image's neighbours. */
export interface StoredSimilar {
  images: (ImageRecord & { likeness: number })[];
  compared: number;
  otherSpaces: number;
  unreadable?: UnreadableItem[];
}

/** Each time the function reads for up to 20 seconds. */
const MAX_ATTEMPTS = 50;

/**
 * The images of a stack that look most like one of them. While the function reads its embeddings for the first time, this says so on
 * standard error and asks again.
 *
 * @throws {TagmillError} with what the API says against the question.
 */
export async function askSimilar(callApi: CallApi, { bucket, key }: ObjectName, limit: number): Promise<StoredSimilar> {
  const query = new URLSearchParams({ like: `${bucket}/${key}`, limit: String(limit) });
  for (let attempt = 1; ; attempt++) {
    const response = await callApi(`images?${query}`);
    const retryAfter = response.headers.get('retry-after');
    if (response.status !== 503 || retryAfter === null || attempt === MAX_ATTEMPTS) return readAnswer(response);
    const { detail } = (await response.json()) as { detail?: string };
    process.stderr.write(`${detail}\n`);
    await setTimeout(1000 * Number(retryAfter));
  }
}
