import { LocalStackError } from '../errors.ts';
/** Errors by their name in the JSON protocol, each with its code in the older query protocol. */
declare const QUERY_CODES: {
    readonly BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct';
    readonly BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong';
    readonly EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest';
    readonly InvalidAction: 'InvalidAction';
    readonly InvalidAddress: 'InvalidAddress';
    readonly InvalidAttributeName: 'InvalidAttributeName';
    readonly InvalidAttributeValue: 'InvalidAttributeValue';
    readonly InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId';
    readonly InvalidMessageContents: 'InvalidMessageContents';
    readonly InvalidParameterValue: 'InvalidParameterValue';
    readonly MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight';
    readonly MissingParameter: 'MissingParameter';
    readonly PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress';
    readonly QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue';
    readonly QueueNameExists: 'QueueAlreadyExists';
    readonly ReceiptHandleIsInvalid: 'ReceiptHandleIsInvalid';
    readonly ResourceNotFoundException: 'ResourceNotFoundException';
    readonly TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest';
    readonly UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation';
};
export type SqsErrorName = keyof typeof QUERY_CODES;
/** A request that SQS refuses; always the sender's fault. */
export declare class SqsError extends LocalStackError {
    readonly errorName: SqsErrorName;
    constructor(errorName: SqsErrorName, message: string);
    get queryCode(): string;
}
/** @returns the error of a parameter that has the wrong value, as SQS words it. */
export declare function invalidValue(parameter: string, value: unknown, reason: string): SqsError;
export {};
