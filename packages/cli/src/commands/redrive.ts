import { TagmillError } from '@tagmill/core';
import { openStack, redrive } from '@tagmill/stack-client';
import { refusedBySqs } from '../stack/refused.ts';
import { findStack, parseS3Url, type StackChoice } from '../stack/stacks.ts';

export interface RedriveCommandOptions extends StackChoice {
  /** One image: s3://BUCKET/KEY. */
  image?: string;
}

/** `tagmill redrive`: moves dead-lettered messages back to their queue, all of them or one image's. */
export async function redriveMessages({ image: url, ...choice }: RedriveCommandOptions): Promise<void> {
  const { queue, deadLetters } = openStack(await findStack(choice));
  const image = url === undefined ? undefined : parseS3Url(url);
  const { moved, left, refused = [] } = await redrive({ deadLetters, queue, ...(image ? { image } : {}) });
  process.stdout.write(`${moved} messages moved back, ${left} left\n`);
  refused.forEach(refusedBySqs);
  if (refused.length > 0) return;
  if (image && moved === 0) throw new TagmillError('not-found', `No dead-lettered message is about ${url}`);
}
