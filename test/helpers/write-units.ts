import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const MIDDLEWARE = 'count-write-units';

/**
 * Write units that some work consumes, by what DynamoDB says: those of the table and of its indexes, one a new entry, two a moved one.
 */
export async function writeUnitsOf(
  client: Pick<DynamoDBDocumentClient, 'middlewareStack'>,
  work: () => Promise<unknown>,
): Promise<number> {
  let sum = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const writes = context.commandName === 'PutItemCommand' || context.commandName === 'UpdateItemCommand';
      if (writes) Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const result = await next(args);
      if (writes)
        sum += (result.output as { ConsumedCapacity?: { CapacityUnits?: number } }).ConsumedCapacity!.CapacityUnits!;
      return result;
    },
    { step: 'initialize', name: MIDDLEWARE },
  );
  try {
    await work();
  } finally {
    client.middlewareStack.remove(MIDDLEWARE);
  }
  return sum;
}
