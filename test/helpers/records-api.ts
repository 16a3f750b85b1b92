import { Logger } from '@aws-lambda-powertools/logger';
import type { ImageRecord } from '@tagmill/core';
import { createRoutes } from '../../functions/query-tags/src/routes.ts';
import { wordsInForce } from '../../functions/query-tags/src/vocabulary.ts';
import { noRules } from '../../packages/pipeline/test/fake-bucket.ts';
import { startDynamo } from '../../packages/tag-store/test/temporary-table.ts';
import { serveRoutes } from './serve-routes.ts';
import { fillTable } from './stored-records.ts';

/** The API over a table that holds these records. */
export async function serveRecords(records: Iterable<ImageRecord>): Promise<{ url: string; close(): Promise<void> }> {
  const dynamo = await startDynamo();
  const table = { client: dynamo.client, tableName: await dynamo.createTable() };
  await fillTable(table, records);
  const routes = createRoutes(
    { ...table, vocabulary: wordsInForce([], noRules), announce: async () => {} },
    new Logger({ logLevel: 'SILENT' }),
  );
  const api = await serveRoutes(routes);
  return {
    url: api.url,
    close: async () => {
      await api.close();
      await dynamo.close();
    },
  };
}
