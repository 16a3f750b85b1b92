import { ServiceException } from '@smithy/core/client';
import { isThrottlingError } from '@smithy/core/retry';
import { type ErrorCode, TagmillError } from '@tagmill/core';

/** Its types don't know that an error's cause may be anything. */
type SdkError = Parameters<typeof isThrottlingError>[0];

export interface AwsErrorOptions {
  /** As people call it: `S3`, `DynamoDB`. */
  service: string;
  /** What a refusal means that is neither a throttle nor the service's own fault. By default it is ours, and stays. */
  refusal?: { code: ErrorCode; retryable: boolean };
}

/**
 * Wraps what an AWS client threw, by the classes and the classification of the SDK itself.
 *
 * @returns `throttled` or `unavailable` if the same call may succeed later, else what a refusal means.
 *
 * @example
 * awsError(cause, { service: 'S3' }).message // 'S3: SlowDown'
 */
export function awsError(
  cause: unknown,
  { service, refusal = { code: 'internal', retryable: false } }: AwsErrorOptions,
): TagmillError {
  if (!ServiceException.isInstance(cause)) {
    return new TagmillError('unavailable', `${service} cannot be reached`, { cause, retryable: true });
  }
  const message = `${service}: ${cause.name}`;
  if (isThrottlingError(cause as SdkError)) return new TagmillError('throttled', message, { cause, retryable: true });
  if (cause.$fault === 'server') return new TagmillError('unavailable', message, { cause, retryable: true });
  return new TagmillError(refusal.code, message, { cause, retryable: refusal.retryable });
}
