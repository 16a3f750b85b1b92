import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** How one request is answered; what is left out is as it should be. */
export interface Answer {
  body: Uint8Array;
  status?: number;
  /** In place of the digest of the body. */
  etag?: string | undefined;
  /** Ranges are honoured. */
  ranges?: boolean;
  headers?: http.OutgoingHttpHeaders;
  /** Its length isn't told beforehand. */
  chunked?: boolean;
  /** The connection is cut once so many bytes are sent. */
  cutAfter?: number;
  /** Once so many bytes are sent nothing more comes. */
  stallAfter?: number;
}

export interface FileServer {
  url: URL;
  /** What was asked: the path and, where there was one, the range. */
  requests: { path: string; range: string | undefined }[];
  /** Cuts all connections. */
  cut(): void;
  close(): Promise<void>;
}

/** A server of files that does as it is told, request by request. */
export async function fileServer(answer: (path: string, count: number) => Answer | undefined): Promise<FileServer> {
  const requests: FileServer['requests'] = [];
  const server = http.createServer((request, response) => {
    // A proxy is asked for a whole URL.
    const { pathname } = new URL(request.url!, 'http://localhost');
    requests.push({ path: pathname, range: request.headers.range });
    const told = answer(pathname, requests.length);
    if (told) send(told, request, response);
    else response.writeHead(404).end('not here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    requests,
    cut: () => server.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(told: Answer, request: http.IncomingMessage, response: http.ServerResponse): void {
  const { body, ranges = true, cutAfter, stallAfter } = told;
  const etag = 'etag' in told ? told.etag : `"${createHash('sha256').update(body).digest('hex')}"`;
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? Number.POSITIVE_INFINITY);
  const partial = ranges && start < body.length && request.headers['if-range'] === etag;
  const sent = partial ? body.subarray(start) : body;
  response.writeHead(told.status ?? (partial ? 206 : 200), {
    ...(!told.chunked && { 'content-length': sent.length }),
    ...(etag !== undefined && { etag }),
    ...(partial && { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` }),
    ...told.headers,
  });
  const stop = cutAfter ?? stallAfter;
  if (stop === undefined || stop > sent.length) response.end(sent);
  else response.write(sent.subarray(0, stop), () => cutAfter !== undefined && response.destroy());
}
