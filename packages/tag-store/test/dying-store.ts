import { TagStore, type TagStoreOptions } from '../src/index.ts';

/** What it fails with: a store can't tell the end of its worker from that of DynamoDB. */
export const KILLED = { code: 'unavailable' };

/** A store whose worker is killed once it has made so many writes to the table. */
export function storeThatDies(
  { client, tableName }: TagStoreOptions,
  { afterWrites }: { afterWrites: number },
): TagStore {
  let writes = 0;
  const send = async (command: { input: { Item?: unknown; UpdateExpression?: string } }) => {
    const isWrite = command.input.Item !== undefined || command.input.UpdateExpression !== undefined;
    if (isWrite && ++writes > afterWrites) throw new Error('killed');
    return client.send(command as Parameters<typeof client.send>[0]);
  };
  return new TagStore({ client: { send } as unknown as TagStoreOptions['client'], tableName });
}
