import { TagmillError } from '@tagmill/core';
import { findDeployedStack, type StackAddress } from '@tagmill/stack-client';
import { findLocalStack, type LocalStackChoice } from './local-stacks.ts';

export interface StackChoice extends LocalStackChoice {
  /** A deployed stack's name; a local one if absent. */
  stack?: string;
}

/**
 * The stack that a command is about.
 *
 * @throws {TagmillError} `not-found` if it doesn't run; `invalid-argument` if it isn't clear which.
 */
export async function findStack({ stack, local }: StackChoice): Promise<StackAddress> {
  if (stack !== undefined && local !== undefined) {
    throw new TagmillError('invalid-argument', 'Give --stack or --local, not both');
  }
  if (stack !== undefined) return findDeployedStack(stack);
  const found = await findLocalStack(local === undefined ? {} : { local });
  const { s3, sqs, dynamodb, lambda: endpoint, reconcileFunction, enqueueBackfillFunction } = found;
  const { api, uploadBucket, queueUrl, backfillQueueUrl, deadLetterQueueUrl, table } = found;
  return {
    ...{ api, uploadBucket, queueUrl, backfillQueueUrl, deadLetterQueueUrl, table },
    functions: {
      reconcile: { endpoint, functionName: reconcileFunction },
      enqueueBackfill: { endpoint, functionName: enqueueBackfillFunction },
    },
    endpoints: { s3, sqs, dynamodb },
  };
}

/**
 * Takes `s3://BUCKET/KEY` apart; the key, or prefix, may be empty.
 *
 * @throws {TagmillError} `invalid-argument` if it isn't one.
 */
export function parseS3Url(url: string): { bucket: string; key: string } {
  const groups = /^s3:\/\/(?<bucket>[^/]+)\/?(?<key>.*)$/s.exec(url)?.groups;
  if (!groups) throw new TagmillError('invalid-argument', `${url} is not s3://BUCKET/KEY`);
  return { bucket: groups.bucket!, key: groups.key! };
}
