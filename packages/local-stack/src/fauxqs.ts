/**
 * S3 by fauxqs, on loopback only: its own `startFauxqs` listens on every interface, with no authentication, and has
 * no bucket notifications. So its app is put together here from its stores. They are not among its exports, which is why
 * its version is pinned and why this is the only file that knows them.
 */
import { buildApp } from 'fauxqs';
import { LOOPBACK, REGION } from './constants.ts';
import { isLocal } from './local-only.ts';

export interface ObjectChange {
  bucket: string;
  key: string;
  /** As in an event's `eventName`. */
  eventName: `ObjectCreated:${'Put' | 'Post' | 'Copy' | 'CompleteMultipartUpload'}` | 'ObjectRemoved:Delete';
  /** Of what was created. */
  object?: { size: number; etag: string };
}

interface StoredObject {
  etag: string;
  contentLength: number;
}

interface S3Store {
  hasBucket(name: string): boolean;
  createBucket(name: string): void;
  putObject(bucket: string, key: string, ...rest: unknown[]): StoredObject;
  completeMultipartUpload(uploadId: string, parts: unknown): StoredObject & { key: string };
  deleteObject(bucket: string, key: string): void;
  multipartUploads: Map<string, { bucket: string }>;
  persistence?: unknown;
}

const internal = (file: string) => import(new URL(file, import.meta.resolve('fauxqs')).href);
const [{ S3Store: S3 }, { SqsStore: Sqs }, { SnsStore: Sns }, { PersistenceManager }] = await Promise.all(
  ['./s3/s3Store.js', './sqs/sqsStore.js', './sns/snsStore.js', './persistence.js'].map(internal),
);

type Creation = 'Put' | 'Post' | 'Copy';

/** The most that S3 takes in one request; fauxqs would take 11 MiB. */
const MAX_OBJECT_BYTES = 5 * 2 ** 30;

export interface FauxqsOptions {
  /** 0 for any. */
  port: number;
  /** Where objects are kept; in memory if there is none. */
  dataDirectory?: string;
  /** Called as part of the change, before whoever made it hears that it is done. */
  onChange: (change: ObjectChange) => void;
  s3Fault?: S3Fault;
}

/**
 * Answers a request to S3 with an error in place of S3: an HTTP status, or undefined to let it pass, at once or later.
 *
 * @param path percent-encoded: `/bucket/key`.
 */
export type S3Fault = (request: { method: string; path: string }) => number | undefined | Promise<number | undefined>;

export interface Fauxqs {
  endpoint: string;
  ensureBucket(name: string): void;
  close(): Promise<void>;
}

/** Starts S3 on a port of the loopback interface. */
export async function startFauxqs({ port, dataDirectory, onChange, s3Fault }: FauxqsOptions): Promise<Fauxqs> {
  const [s3, sqs, sns]: [S3Store, object, object] = [new S3(), new Sqs(), new Sns()];
  const persistence = dataDirectory === undefined ? undefined : new PersistenceManager(dataDirectory);
  if (persistence) {
    // Loaded before the stores know of it, else loading would write.
    persistence.load(sqs, sns, s3);
    s3.persistence = persistence;
  }
  let creation: Creation = 'Put';
  reportChanges(s3, onChange, () => creation);

  const stores = { s3Store: s3, sqsStore: sqs, snsStore: sns } as never;
  const app = buildApp({ logger: false, defaultRegion: REGION, stores });
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_OBJECT_BYTES }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook('onRequest', async ({ method, url, headers }, reply) => {
    if (!isLocal(headers)) return reply.code(403).send();
    const status = url === '/' ? undefined : await s3Fault?.({ method, path: url.split('?')[0]! });
    if (status !== undefined)
      await reply.code(status).type('application/xml').send('<Error><Code>InternalError</Code></Error>');
  });
  // The handlers store an object in the same tick, so this is the request that does.
  app.addHook('preHandler', ({ method, headers }, _reply, done) => {
    creation = 'x-amz-copy-source' in headers ? 'Copy' : method === 'POST' ? 'Post' : 'Put';
    done();
  });
  app.addHook('onClose', () => persistence?.close());
  const endpoint = await app.listen({ port, host: LOOPBACK }).catch(async (error) => {
    await app.close();
    throw error;
  });
  return {
    endpoint,
    ensureBucket: (name) => {
      if (!s3.hasBucket(name)) s3.createBucket(name);
    },
    close: () => app.close(),
  };
}

/** fauxqs tells nobody of a change, so its store's own methods do. */
function reportChanges(store: S3Store, onChange: FauxqsOptions['onChange'], creation: () => Creation): void {
  const { putObject, completeMultipartUpload, deleteObject, multipartUploads } = store;
  const created = (object: StoredObject) => ({ size: object.contentLength, etag: object.etag.replaceAll('"', '') });
  store.putObject = (bucket, key, ...rest) => {
    const object = putObject.call(store, bucket, key, ...rest);
    onChange({ bucket, key, eventName: `ObjectCreated:${creation()}`, object: created(object) });
    return object;
  };
  store.completeMultipartUpload = (uploadId, parts) => {
    const bucket = multipartUploads.get(uploadId)?.bucket;
    const object = completeMultipartUpload.call(store, uploadId, parts);
    if (bucket !== undefined) {
      onChange({
        bucket,
        key: object.key,
        eventName: 'ObjectCreated:CompleteMultipartUpload',
        object: created(object),
      });
    }
    return object;
  };
  // deleteObjects calls it for each.
  store.deleteObject = (bucket, key) => {
    deleteObject.call(store, bucket, key);
    onChange({ bucket, key, eventName: 'ObjectRemoved:Delete' });
  };
}
