import { ConditionalCheckFailedException, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { TagmillError } from '@tagmill/core';

const THROTTLES = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'LimitExceededException',
]);

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
  if (!(cause instanceof DynamoDBServiceException)) {
    return new TagmillError('unavailable', 'DynamoDB cannot be reached', { cause, retryable: true });
  }
  if (THROTTLES.has(cause.name)) {
    return new TagmillError('throttled', `DynamoDB: ${cause.name}`, { cause, retryable: true });
  }
  return cause.$fault === 'server'
    ? new TagmillError('unavailable', `DynamoDB: ${cause.name}`, { cause, retryable: true })
    : new TagmillError('internal', `DynamoDB: ${cause.name}`, { cause });
}
