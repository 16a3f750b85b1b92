import { TagmillError } from '@tagmill/core';
import type { ListedObject } from '@tagmill/pipeline';
import { backfill, type OpenStack, redrive } from '@tagmill/stack-client';

type Name = { bucket: string; key: string };

/**
 * Has one image tried again: moves its dead-lettered messages back, or where there are none, as for an image that was
 * rejected, enqueues the object as a backfill does.
 *
 * @throws {TagmillError} `not-found` if it is no longer in the bucket.
 */
export async function retryImage(
  image: Name,
  { queue, deadLetters, backfillQueue, objects }: OpenStack,
): Promise<void> {
  const { moved } = await redrive({ deadLetters, queue, image });
  if (moved > 0) return;
  const { enqueued } = await backfill({ objects: only(image, objects), queue: backfillQueue });
  if (enqueued === 0) throw new TagmillError('not-found', `${image.key} is no longer in ${image.bucket}`);
}

async function* only({ bucket, key }: Name, objects: OpenStack['objects']): AsyncGenerator<ListedObject> {
  for await (const object of objects.list({ bucket, prefix: key })) {
    if (object.key === key) yield object;
    // Keys come in order, and none that begins with this one comes before it.
    return;
  }
}
