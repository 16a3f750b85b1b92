import type { AddressInfo } from 'node:net';
import type { OpenStack } from '@tagmill/stack-client';
import { DEFAULT_LIMITS } from '@tagmill/tagger';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import pLimit from 'p-limit';
import { Downloads } from './downloads.ts';
import { findDuplicates } from './duplicates.ts';
import { isOwnPage } from './own-page.ts';
import { bundlePage } from './page-files.ts';
import { Pictures } from './pictures.ts';
import { toProblem } from './problems.ts';
import {
  correction,
  downloadNames,
  downloadParameters,
  duplicatesQuery,
  imageName,
  parse,
  pictureParameters,
  pictureQuery,
  uploadQuery,
} from './requests.ts';
import { retryImage } from './retries.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { uploadKey } from './uploads.ts';

export interface GalleryOptions {
  stack: OpenStack;
  /** Where uploads go. */
  uploadBucket: string;
  /** That their keys begin with, such as `in/`: where the stack listens. */
  uploadPrefix?: string;
  /** 0: any. */
  port?: number;
  /** Told of what goes wrong inside. */
  log?: (line: string) => void;
}

export interface Gallery {
  url: string;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/**
 * Serves the page on the loopback interface, and what it needs of a stack: the API, small pictures, uploads, downloads, corrections, retries, deletions.
 *
 * @example
 * const { url, close } = await serveGallery({ stack: openStack(address), uploadBucket: address.uploadBucket });
 */
export async function serveGallery(options: GalleryOptions): Promise<Gallery> {
  const { port = 0, log = () => {} } = options;
  const app = fastify({ forceCloseConnections: true, bodyLimit: DEFAULT_LIMITS.maxBytes });
  const portOf = () => (app.server.address() as AddressInfo).port;
  app.addHook('onRequest', async ({ method, url, headers }, reply) => {
    reply.headers({ ...SECURITY_HEADERS, 'cache-control': 'no-store' });
    const isEntry = method === 'GET' && url.split('?')[0] === '/';
    if (!isOwnPage(headers, { port: portOf(), isEntry }))
      return reply.code(403).send('Only for the page itself, on this machine');
  });
  app.setErrorHandler((error, { method, url }, reply) => {
    const { status, detail } = toProblem(error);
    if (status >= 500) log(`Gallery: ${method} ${url}: ${error}`);
    reply.code(status).type('application/problem+json').send({ type: 'about:blank', status, detail });
  });
  await servePage(app);
  serveStack(app, options);
  servePictures(app, options);
  serveDownloads(app, options);
  serveWrites(app, options);
  await app.listen({ port, host: LOOPBACK });
  return { url: `http://${LOOPBACK}:${portOf()}/`, close: () => app.close() };
}

async function servePage(app: FastifyInstance): Promise<void> {
  for (const [path, { contentType, body }] of await bundlePage()) {
    app.get(path, (_request, reply) => reply.type(contentType).send(body));
  }
}

function serveStack(app: FastifyInstance, { stack, uploadBucket }: GalleryOptions): void {
  app.get('/stack', async () => {
    const [live, backfill, dead] = await Promise.all([
      stack.queue.depth(),
      stack.backfillQueue.depth(),
      stack.deadLetters.depth(),
    ]);
    return {
      uploadBucket,
      maxUploadBytes: DEFAULT_LIMITS.maxBytes,
      waiting: live.waiting + backfill.waiting,
      inFlight: live.inFlight + backfill.inFlight,
      deadLetters: dead.waiting + dead.inFlight,
    };
  });
  app.get('/api/*', async ({ url }, reply) => {
    return passOn(await stack.callApi(url.slice('/api/'.length)), reply);
  });
  app.get('/duplicates', async (request, reply) => {
    const question = parse(duplicatesQuery, request.query);
    const found = await findDuplicates(stack, { ...question, isAbandoned: () => reply.raw.destroyed });
    if (!found) return reply.hijack();
    return found instanceof Response ? passOn(found, reply) : found;
  });
}

async function passOn(answer: Response, reply: FastifyReply): Promise<Buffer> {
  reply.code(answer.status).type(answer.headers.get('content-type') ?? 'application/octet-stream');
  return Buffer.from(await answer.arrayBuffer());
}

function servePictures(app: FastifyInstance, { stack }: GalleryOptions): void {
  const pictures = new Pictures(stack);
  app.get('/pictures/:size', async (request, reply) => {
    const { size } = parse(pictureParameters, request.params);
    const { sha256, ...name } = parse(pictureQuery, request.query);
    const picture = await pictures.get({ ...name, size, isAbandoned: () => reply.raw.destroyed });
    if (!picture) return reply.hijack();
    // The same content gives the same picture for ever.
    if (sha256 !== undefined && sha256 === picture.sha256) {
      reply.header('cache-control', 'private, max-age=31536000, immutable');
    }
    return reply.type('image/webp').send(picture.bytes);
  });
}

function serveDownloads(app: FastifyInstance, { stack }: GalleryOptions): void {
  const downloads = new Downloads(stack);
  app.post('/downloads', (request) => ({ url: `/downloads/${downloads.ask(parse(downloadNames, request.body))}` }));
  app.get('/downloads/:id', async (request, reply) => {
    const { fileName, body } = await downloads.fetch(parse(downloadParameters, request.params).id);
    // Never shown, whatever it is.
    reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`);
    return reply.type('application/octet-stream').send(body);
  });
}

function serveWrites(app: FastifyInstance, { stack, uploadBucket, uploadPrefix = '' }: GalleryOptions): void {
  // One after the other: each looks through the whole dead-letter queue, and hides its messages meanwhile.
  const retrying = pLimit(1);

  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app.put('/uploads', async (request, reply) => {
    const { name } = parse(uploadQuery, request.query);
    const bytes = (request.body as Buffer | undefined) ?? Buffer.alloc(0);
    const key = uploadKey({ prefix: uploadPrefix, name, bytes });
    await stack.objects.put({ bucket: uploadBucket, key }, bytes);
    return reply.code(201).send({ bucket: uploadBucket, key });
  });

  app.post('/corrections', async (request, reply) => {
    const { bucket, key, ...said } = parse(correction, request.body);
    const query = new URLSearchParams({ bucket, key });
    return passOn(await stack.callApi(`image?${query}`, { method: 'POST', body: JSON.stringify(said) }), reply);
  });

  app.delete('/images', async (request, reply) => {
    await stack.objects.remove(parse(imageName, request.query));
    return reply.code(202).send({});
  });

  app.post('/retries', async (request, reply) => {
    const image = parse(imageName, request.body);
    await retrying(() => retryImage(image, stack));
    return reply.code(202).send({});
  });
}
