import { describe, expect, test } from '@jest/globals';
import { ServiceException } from '@smithy/core/client';
import { awsError } from '../src/index.ts';

const exception = (name: string, { status = 400, fault = 'client' as 'client' | 'server' } = {}) =>
  new ServiceException({ name, $fault: fault, $metadata: { httpStatusCode: status }, message: 'why' });

describe('an error of an AWS client', () => {
  test.each([
    ['DynamoDB', 'ProvisionedThroughputExceededException'],
    ['DynamoDB', 'RequestLimitExceeded'],
    ['DynamoDB', 'LimitExceededException'],
    ['DynamoDB', 'ThrottlingException'],
    ['S3', 'SlowDown'],
    ['S3', 'Throttling'],
    ['SQS', 'RequestThrottled'],
  ])('is a throttle of %s, to be tried again: %s', (service, name) => {
    expect(awsError(exception(name), { service })).toMatchObject({
      code: 'throttled',
      retryable: true,
      message: `${service}: ${name}`,
    });
  });

  test('is a throttle by its status, too', () => {
    expect(awsError(exception('Odd', { status: 429 }), { service: 'S3' }).code).toBe('throttled');
  });

  test('is the service’s own fault, and may pass', () => {
    const cause = exception('InternalError', { status: 500, fault: 'server' });
    expect(awsError(cause, { service: 'S3' })).toMatchObject({ code: 'unavailable', retryable: true, cause });
  });

  test('is no answer at all, and may pass', () => {
    const cause = new Error('socket hang up');
    expect(awsError(cause, { service: 'SQS' })).toMatchObject({
      code: 'unavailable',
      retryable: true,
      message: 'SQS cannot be reached',
      cause,
    });
  });

  test('is ours and stays, unless the adapter says what a refusal means', () => {
    const cause = exception('AccessDenied', { status: 403 });
    expect(awsError(cause, { service: 'S3' })).toMatchObject({ code: 'internal', retryable: false });
    const refusal = { code: 'unreadable', retryable: true } as const;
    expect(awsError(cause, { service: 'S3', refusal })).toMatchObject(refusal);
  });
});
