import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@aws-lambda-powertools/logger';
import type { ImageRecord } from '@tagmill/core';
import { createRoutes } from '../../functions/query-tags/src/routes.ts';
import { wordsInForce } from '../../functions/query-tags/src/vocabulary.ts';
import { noRules } from '../../packages/pipeline/test/fake-bucket.ts';
import { startDynamo } from '../../packages/tag-store/test/temporary-table.ts';
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
  const server = http.createServer(async ({ url = '', method = '' }, response) => {
    const [rawPath, rawQueryString = ''] = url.split(/\?(.*)/s) as [string, string?];
    const request = { rawPath, rawQueryString, requestContext: { http: { method } } };
    const { statusCode, headers, body } = await routes(request);
    response.writeHead(statusCode!, headers as http.OutgoingHttpHeaders).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await dynamo.close();
    },
  };
}
