import { LocalStackError } from '../errors.ts';
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
declare const NAMESPACES: {
    readonly ConditionalCheckFailedException: 'com.amazonaws.dynamodb.v20120810';
    readonly ResourceInUseException: 'com.amazonaws.dynamodb.v20120810';
    readonly ResourceNotFoundException: 'com.amazonaws.dynamodb.v20120810';
    readonly ProvisionedThroughputExceededException: 'com.amazonaws.dynamodb.v20120810';
    readonly ValidationException: 'com.amazon.coral.validate';
    readonly SerializationException: 'com.amazon.coral.service';
    readonly UnknownOperationException: 'com.amazon.coral.service';
};
export type DynamoDbErrorName = keyof typeof NAMESPACES;
/** A request that DynamoDB refuses. */
export declare class DynamoDbError extends LocalStackError {
    readonly errorName: DynamoDbErrorName;
    /** Of the answer, besides the message. */
    readonly details: object;
    constructor(errorName: DynamoDbErrorName, message: string, details?: object);
    /** The body of its answer. */
    toJson(): string;
}
/** @returns the error of a request that can't be right, whatever the table holds. */
export declare function invalid(message: string): DynamoDbError;
export {};
