import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { awsError } from '@tagmill/aws-errors';
import { TagmillError } from '@tagmill/core';

/**
 * Runs a call to DynamoDB and wraps what it throws.
 *
 * @throws {TagmillError} `conflict` if a condition failed, `throttled` or `unavailable` if the same call may succeed later,
 * else `internal`.
 */
export async function dynamoCall<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw wrap(cause);
  }
}

function wrap(cause: unknown): TagmillError {
  if (cause instanceof ConditionalCheckFailedException) {
    return new TagmillError('conflict', 'The image was written by another worker meanwhile', {
      cause,
      retryable: true,
    });
  }
  return awsError(cause, { service: 'DynamoDB' });
}
