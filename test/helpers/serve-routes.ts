import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { createRoutes } from '../../functions/query-tags/src/routes.ts';

/** The API's function behind a server, as a function URL is. */
export async function serveRoutes(
  routes: ReturnType<typeof createRoutes>,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = http.createServer(async (request, response) => {
    const { url = '', method = '' } = request;
    const body = Buffer.concat(await request.toArray()).toString();
    const [rawPath, rawQueryString = ''] = url.split(/\?(.*)/s) as [string, string?];
    const answer = await routes({ rawPath, rawQueryString, body, requestContext: { http: { method } } });
    response.writeHead(answer.statusCode!, answer.headers as http.OutgoingHttpHeaders).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
