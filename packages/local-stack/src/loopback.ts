import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LOOPBACK } from './constants.ts';

/**
 * Has a server listen on the loopback interface alone. Idle connections stay open: a client on a busy machine may ask by one that lay idle
 * for long.
 *
 * @param port 0 for any.
 * @returns its endpoint, without a slash at the end.
 */
export async function listenOnLoopback(server: Server, port: number): Promise<string> {
  server.keepAliveTimeout = 0;
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  return `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`;
}

/** Ends a server with its connections; also one that never listened. */
export async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  if (server.listening) await new Promise((resolve) => server.close(resolve));
}
