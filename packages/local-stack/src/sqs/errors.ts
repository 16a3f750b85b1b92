import { LocalStackError } from '../errors.ts';

/** Errors by their name in the JSON protocol, each with its code in the older query protocol. */
const QUERY_CODES = {
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InvalidAction: 'InvalidAction',
  InvalidAddress: 'InvalidAddress',
  InvalidAttributeName: 'InvalidAttributeName',
  InvalidAttributeValue: 'InvalidAttributeValue',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  InvalidMessageContents: 'InvalidMessageContents',
  InvalidParameterValue: 'InvalidParameterValue',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  MissingParameter: 'MissingParameter',
  PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  ReceiptHandleIsInvalid: 'ReceiptHandleIsInvalid',
  ResourceNotFoundException: 'ResourceNotFoundException',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
} as const;

export type SqsErrorName = keyof typeof QUERY_CODES;

const NOT_FOUND: readonly SqsErrorName[] = ['QueueDoesNotExist', 'ResourceNotFoundException'];

/** A request that SQS refuses; always the sender's fault. */
export class SqsError extends LocalStackError {
  readonly errorName: SqsErrorName;

  constructor(errorName: SqsErrorName, message: string) {
    super(NOT_FOUND.includes(errorName) ? 'not-found' : 'invalid-argument', message);
    this.errorName = errorName;
  }

  get queryCode(): string {
    return QUERY_CODES[this.errorName];
  }
}

/** @returns the error of a parameter that has the wrong value, as SQS words it. */
export function invalidValue(parameter: string, value: unknown, reason: string): SqsError {
  return new SqsError(
    'InvalidParameterValue',
    `Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`,
  );
}
