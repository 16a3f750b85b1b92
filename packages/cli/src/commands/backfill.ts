import { backfill, openStack } from '@tagmill/pipeline';
import { findStack, parseS3Url, type StackChoice } from '../stacks.ts';

export interface BackfillCommandOptions extends StackChoice {
  /** Go on after this key. */
  startAfter?: string;
}

/** `tagmill backfill`: enqueues the objects below a prefix, which were there before their events were. */
export async function backfillObjects(url: string, { startAfter, ...choice }: BackfillCommandOptions): Promise<void> {
  const { backfillQueue, objects } = openStack(await findStack(choice));
  const { bucket, key: prefix } = parseS3Url(url);
  const { enqueued } = await backfill({
    objects: objects.list({ bucket, prefix, ...(startAfter === undefined ? {} : { startAfter }) }),
    queue: backfillQueue,
    onProgress: ({ enqueued, lastKey }) => {
      process.stderr.write(`${enqueued} enqueued; to go on from here: --start-after ${JSON.stringify(lastKey)}\n`);
    },
  });
  process.stdout.write(`${enqueued} images enqueued\n`);
}
