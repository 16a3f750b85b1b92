import { z } from 'zod';
import { DynamoDbError, invalid } from './errors.ts';

const text = z.string();
const RESOURCE_NAME = /^[\w.-]{3,255}$/;
const whole = z.number().int();
/** Items and keys are checked as such, once. */
const key = z.unknown();
const keySchema = z
  .array(z.strictObject({ AttributeName: text, KeyType: z.enum(['HASH', 'RANGE']) }))
  .min(1)
  .max(2);
/** Taken and without effect. */
const ignored = z.unknown().optional();
const tableName = { TableName: text };
const capacity = { ReturnConsumedCapacity: z.enum(['NONE', 'TOTAL', 'INDEXES']).default('NONE') };
const names = { ExpressionAttributeNames: z.record(z.string().startsWith('#'), text).optional() };
const values = { ExpressionAttributeValues: z.record(z.string().startsWith(':'), z.unknown()).optional() };
/** There are no local indexes, so there are no metrics of their collections. */
const metrics = { ReturnItemCollectionMetrics: z.enum(['NONE', 'SIZE']).optional() };

const conditional = {
  ...tableName,
  ...names,
  ...values,
  ConditionExpression: text.optional(),
  ReturnValuesOnConditionCheckFailure: z.enum(['NONE', 'ALL_OLD']).default('NONE'),
};
const write = { ...conditional, ...capacity, ...metrics };
const MAX_TRANSACTION_PARTS = 100;
const oldOnly = { ReturnValues: z.enum(['NONE', 'ALL_OLD']).default('NONE') };
const read = {
  ...tableName,
  ...capacity,
  ...names,
  ProjectionExpression: text.optional(),
  ConsistentRead: z.boolean().default(false),
};
const readMany = {
  ...read,
  ...values,
  IndexName: text.optional(),
  FilterExpression: text.optional(),
  Limit: whole.min(1).optional(),
  ExclusiveStartKey: key.optional(),
  Select: z.enum(['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES', 'COUNT']).optional(),
};

/** What each operation takes: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations.html */
export const INPUTS = {
  CreateTable: z.strictObject({
    TableName: z.string().regex(RESOURCE_NAME),
    KeySchema: keySchema,
    AttributeDefinitions: z.array(z.strictObject({ AttributeName: text, AttributeType: z.enum(['S', 'N', 'B']) })),
    GlobalSecondaryIndexes: z
      .array(
        z.strictObject({
          IndexName: z.string().regex(RESOURCE_NAME),
          KeySchema: keySchema,
          Projection: z.strictObject({
            ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
            NonKeyAttributes: z.array(text).optional(),
          }),
          ProvisionedThroughput: ignored,
          OnDemandThroughput: ignored,
        }),
      )
      .max(20)
      .default([]),
    BillingMode: z.enum(['PROVISIONED', 'PAY_PER_REQUEST']).default('PROVISIONED'),
    ProvisionedThroughput: ignored,
    OnDemandThroughput: ignored,
    SSESpecification: ignored,
    TableClass: ignored,
    Tags: ignored,
    DeletionProtectionEnabled: ignored,
  }),
  DeleteTable: z.strictObject(tableName),
  DescribeTable: z.strictObject(tableName),
  ListTables: z.strictObject({
    ExclusiveStartTableName: text.default(''),
    Limit: whole.min(1).max(100).default(100),
  }),
  GetItem: z.strictObject({ ...read, Key: key }),
  PutItem: z.strictObject({ ...write, ...oldOnly, Item: key }),
  DeleteItem: z.strictObject({ ...write, ...oldOnly, Key: key }),
  UpdateItem: z.strictObject({
    ...write,
    Key: key,
    UpdateExpression: text.optional(),
    ReturnValues: z.enum(['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW']).default('NONE'),
  }),
  Query: z.strictObject({ ...readMany, KeyConditionExpression: text, ScanIndexForward: z.boolean().default(true) }),
  Scan: z.strictObject({
    ...readMany,
    Segment: whole.min(0).optional(),
    TotalSegments: whole.min(1).max(1_000_000).optional(),
  }),
  BatchGetItem: z.strictObject({
    ...capacity,
    RequestItems: z.record(
      text,
      z.strictObject({
        Keys: z.array(key).min(1),
        ConsistentRead: z.boolean().default(false),
        ProjectionExpression: text.optional(),
        ...names,
      }),
    ),
  }),
  BatchWriteItem: z.strictObject({
    ...capacity,
    ...metrics,
    RequestItems: z.record(
      text,
      z
        .array(
          z.union([
            z.strictObject({ PutRequest: z.strictObject({ Item: key }) }),
            z.strictObject({ DeleteRequest: z.strictObject({ Key: key }) }),
          ]),
        )
        .min(1),
    ),
  }),
  TransactGetItems: z.strictObject({
    ...capacity,
    TransactItems: z
      .array(
        z.strictObject({
          Get: z.strictObject({ ...tableName, ...names, Key: key, ProjectionExpression: text.optional() }),
        }),
      )
      .min(1)
      .max(MAX_TRANSACTION_PARTS),
  }),
  TransactWriteItems: z.strictObject({
    ...capacity,
    ...metrics,
    ClientRequestToken: z.string().min(1).max(36).optional(),
    TransactItems: z
      .array(
        z.strictObject({
          ConditionCheck: z.strictObject({ ...conditional, ConditionExpression: text, Key: key }).optional(),
          Put: z.strictObject({ ...conditional, Item: key }).optional(),
          Delete: z.strictObject({ ...conditional, Key: key }).optional(),
          Update: z.strictObject({ ...conditional, UpdateExpression: text, Key: key }).optional(),
        }),
      )
      .min(1)
      .max(MAX_TRANSACTION_PARTS),
  }),
} as const;

export type Operation = keyof typeof INPUTS;
export type Input<Name extends Operation> = z.output<(typeof INPUTS)[Name]>;

/** @throws {DynamoDbError} that names an operation which isn't known here. */
export function checkOperation(name: string): Operation {
  if (Object.hasOwn(INPUTS, name)) return name as Operation;
  const known = Object.keys(INPUTS).join(', ');
  throw new DynamoDbError('UnknownOperationException', `${name} is not emulated; there are: ${known}`);
}

/** @throws {DynamoDbError} that names the parameter which is missing, wrong or unknown. */
export function parseInput<Name extends Operation>(operation: Name, input: unknown): Input<Name> {
  const parsed = INPUTS[operation].safeParse(input);
  if (parsed.success) return parsed.data as Input<Name>;
  const issue = parsed.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    throw invalid(`${operation}: ${[...issue.path, issue.keys[0]].join('.')} is not emulated`);
  }
  throw invalid(
    `1 validation error detected: ${operation}: ${issue.path.join('.') || 'the request'}: ${issue.message}`,
  );
}
