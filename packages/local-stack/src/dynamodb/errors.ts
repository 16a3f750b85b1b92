import { LocalStackError } from '../errors.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const NAMESPACES = {
  ConditionalCheckFailedException: 'com.amazonaws.dynamodb.v20120810',
  ResourceInUseException: 'com.amazonaws.dynamodb.v20120810',
  ResourceNotFoundException: 'com.amazonaws.dynamodb.v20120810',
  IdempotentParameterMismatchException: 'com.amazonaws.dynamodb.v20120810',
  TransactionCanceledException: 'com.amazonaws.dynamodb.v20120810',
  ProvisionedThroughputExceededException: 'com.amazonaws.dynamodb.v20120810',
  ValidationException: 'com.amazon.coral.validate',
  SerializationException: 'com.amazon.coral.service',
  UnknownOperationException: 'com.amazon.coral.service',
} as const;

export type DynamoDbErrorName = keyof typeof NAMESPACES;

/** A request that DynamoDB refuses. */
export class DynamoDbError extends LocalStackError {
  readonly errorName: DynamoDbErrorName;
  /** Of the answer, besides the message. */
  readonly details: object;

  constructor(errorName: DynamoDbErrorName, message: string, details: object = {}) {
    super(errorName === 'ResourceNotFoundException' ? 'not-found' : 'invalid-argument', message);
    this.errorName = errorName;
    this.details = details;
  }

  /** The body of its answer. */
  toJson(): string {
    const __type = `${NAMESPACES[this.errorName]}#${this.errorName}`;
    return JSON.stringify({ __type, message: this.message, ...this.details });
  }
}

/** @returns the error of a request that can't be right, whatever the table holds. */
export function invalid(message: string): DynamoDbError {
  return new DynamoDbError('ValidationException', message);
}
