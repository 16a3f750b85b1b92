import { DynamoDbError } from './errors.ts';
import type { Input, Operation } from './inputs.ts';
import { batchGetItem, getItem, query, scan } from './reads.ts';
import { describeTable, type Tables } from './tables.ts';
import { transactGetItems, transactWriteItems } from './transactions.ts';
import { batchWriteItem, deleteItem, putItem, updateItem } from './writes.ts';

type Handlers = { [Name in Operation]: (tables: Tables, input: Input<Name>) => object };

/** What each operation does. */
export const HANDLERS: Handlers = {
  CreateTable: (tables, input) => ({ TableDescription: describeTable(tables.create(input)) }),

  DescribeTable: (tables, { TableName }) => ({ Table: describeTable(tables.get(TableName)) }),

  DeleteTable: (tables, { TableName }) => {
    const TableDescription = { ...describeTable(tables.get(TableName)), TableStatus: 'DELETING' };
    tables.remove(TableName);
    return { TableDescription };
  },

  ListTables: (tables, { ExclusiveStartTableName, Limit }) => {
    const rest = tables.names().filter((name) => name > ExclusiveStartTableName);
    const TableNames = rest.slice(0, Limit);
    return { TableNames, ...(rest.length > Limit && { LastEvaluatedTableName: TableNames.at(-1) }) };
  },

  GetItem: getItem,
  PutItem: putItem,
  UpdateItem: updateItem,
  DeleteItem: deleteItem,
  Query: query,
  Scan: scan,
  BatchGetItem: batchGetItem,
  BatchWriteItem: batchWriteItem,
  TransactGetItems: transactGetItems,
  TransactWriteItems: transactWriteItems,
};

/** What a request is answered if DynamoDB puts it off. */
export const THROTTLED = new DynamoDbError(
  'ProvisionedThroughputExceededException',
  'The level of configured provisioned throughput for the table was exceeded.',
);
