import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import type { ImageRecord } from '@tagmill/core';
import { formatRevisitMessage, SqsQueue } from '@tagmill/pipeline';
import { correctImage, type ObjectName, TagStore, type TagStoreOptions } from '@tagmill/tag-store';
import type * as z from 'zod';
import type { correction } from './schemas.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Longer than a correction takes, so that what finishes it mostly finds it finished. */
const REVISIT_SECONDS = 60;

export interface CorrectionsOptions extends TagStoreOptions {
  /** Has someone look at an image a while later. */
  announce: (image: ObjectName) => Promise<void>;
}

/** Asks the tagging function to look after images. */
export function announceTo(queueUrl: string, config: SQSClientConfig = {}): CorrectionsOptions['announce'] {
  // By the client's own endpoint: the host in a queue's URL need not resolve where the stack runs offline.
  const queue = new SqsQueue({ client: new SQSClient({ useQueueUrlAsEndpoint: false, ...config }), queueUrl });
  return (image) => queue.send([formatRevisitMessage(image)], { delaySeconds: REVISIT_SECONDS });
}

/** What people say of images: see {@link correctImage}. */
export class Corrector {
  readonly #store: TagStore;
  readonly #announce: CorrectionsOptions['announce'];

  constructor({ announce, ...table }: CorrectionsOptions) {
    this.#store = new TagStore(table);
    this.#announce = announce;
  }

  correct(
    image: ObjectName,
    { add, remove, forget }: z.output<typeof correction>,
    { find, version }: Vocabulary,
  ): Promise<ImageRecord> {
    const said = {
      add: add.map(find).map(({ name, parents }) => ({ name, parents })),
      remove: remove.map(find).map(({ parents: _, ...tag }) => tag),
      forget: forget.map((word) => find(word).name),
    };
    return correctImage(image, said, {
      store: this.#store,
      now: () => new Date(),
      rules: version,
      announce: ({ name }) => this.#announce(name),
    });
  }
}
