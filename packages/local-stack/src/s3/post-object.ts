import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';
import { readAttributes } from './attributes.ts';
import { S3Error } from './errors.ts';
import { asHeaderText } from './header-text.ts';
import { newVersionHeader } from './object-headers.ts';
import { checkPolicy, type SizeLimits } from './post-policy.ts';
import type { Answer, S3Request } from './request.ts';
import type { S3Service } from './service.ts';
import { storeBody } from './store-body.ts';
import { MAX_OBJECT_TAGS, parseTagging } from './tags.ts';
import { payloadOf, receiveBody } from './upload-body.ts';
import type { Version } from './versions.ts';
import { parseXml, toXml } from './xml.ts';

const MAX_KEY_BYTES = 1024;

/** By their names in lower case, as far as they came before the file. */
type Fields = ReadonlyMap<string, string>;

/**
 * What a browser's form uploads.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
export async function postObject(request: S3Request, service: S3Service): Promise<Answer> {
  const { bodies, now } = service;
  const bucket = service.buckets.require(request.bucket);
  const form = await openForm(request);
  try {
    const { fields } = form;
    const key = keyOf(fields, form.fileName);
    const limits = checkPolicy(new Map([...fields, ['key', key]]), bucket.name, now());
    const asRequest = requestOf(request, fields, key);
    const attributes = readAttributes(asRequest);
    const tagging = fields.get('tagging');
    const tags = tagging === undefined ? attributes.tags : parseTagging(parseXml(tagging, 'Tagging'), MAX_OBJECT_TAGS);
    const body = await receiveBody(asRequest, bodies, { source: withinLimits(form.file, limits) });
    await form.end();
    const { version } = storeBody(service, body, {
      bucket,
      key,
      attributes: { ...attributes, tags },
      eventName: 'ObjectCreated:Post',
    });
    return answerForm(request, fields, version, newVersionHeader(bucket, version));
  } finally {
    form.file.destroy();
  }
}

interface Form {
  fields: Fields;
  file: Readable;
  fileName: string;
  /** Once the file was read. */
  end: () => Promise<void>;
}

/** Reads a form up to its file. */
async function openForm(request: S3Request): Promise<Form> {
  const contentType = request.headers['content-type'];
  if (!contentType?.startsWith('multipart/form-data')) {
    throw new S3Error('InvalidRequest', 'A POST to a bucket has to be multipart/form-data');
  }
  const parser = new Busboy({
    headers: { ...request.headers, 'content-type': contentType },
    // Some clients give every field a file's name.
    isPartAFile: (name) => name?.toLowerCase() === 'file',
  });
  const fields = new Map<string, string>();
  parser.on('field', (name, value) => fields.set(name.toLowerCase(), value));
  const opened = Promise.withResolvers<Form>();
  const received = pipeline(payloadOf(request), parser);
  received.then(
    () => opened.reject(new S3Error('InvalidArgument', 'POST requires exactly one file upload per request.')),
    (error) => opened.reject(new S3Error('MalformedPOSTRequest', error.message, { cause: error })),
  );
  parser.on('file', (_name, file, fileName) => opened.resolve({ fields, file, fileName, end: () => received }));
  return opened.promise;
}

async function* withinLimits(file: AsyncIterable<Uint8Array>, { least, most }: SizeLimits): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of file) {
    size += chunk.length;
    if (size > most) throw new S3Error('EntityTooLarge', `The policy allows ${most} bytes at most`);
    yield chunk;
  }
  if (size < least) throw new S3Error('EntityTooSmall', `The policy asks for at least ${least} bytes`);
}

function keyOf(fields: Fields, fileName: string): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what stands in the form.
  const key = fields.get('key')?.replaceAll('${filename}', () => fileName);
  if (!key) throw new S3Error('InvalidArgument', "Bucket POST must contain a field named 'key'.");
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new S3Error('KeyTooLongError', 'Your key is too long');
  return key;
}

/** The form's fields in the place of headers. */
function requestOf(request: S3Request, fields: Fields, key: string): S3Request {
  const headers: Record<string, string> = Object.fromEntries(
    [...fields].map(([name, value]) => [name, asHeaderText(value)]),
  );
  const acl = fields.get('acl');
  if (acl !== undefined) headers['x-amz-acl'] = acl;
  return { ...request, key, headers };
}

function answerForm(
  request: S3Request,
  fields: Fields,
  { key, etag }: Version,
  versionHeaders: Record<string, string>,
): Answer {
  const redirect = URL.parse(fields.get('success_action_redirect') ?? fields.get('redirect') ?? '');
  const location = `http://${request.headers.host}/${request.bucket}/${encodeURIComponent(key)}`;
  const headers = { etag: `"${etag}"`, location, ...versionHeaders };
  if (redirect) {
    redirect.search += `${redirect.search === '' ? '' : '&'}bucket=${request.bucket}&key=${encodeURIComponent(key)}&etag=%22${etag}%22`;
    return { status: 303, headers: { ...headers, location: redirect.href } };
  }
  const status = fields.get('success_action_status');
  if (status === '201') {
    const body = toXml('PostResponse', { Location: location, Bucket: request.bucket, Key: key, ETag: `"${etag}"` }, '');
    return { status: 201, headers, body };
  }
  return { status: status === '200' ? 200 : 204, headers };
}
