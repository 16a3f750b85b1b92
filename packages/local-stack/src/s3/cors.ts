import type { CorsRule } from './buckets.ts';
import { S3Error } from './errors.ts';
import { type Answer, header, readXml, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
import { payloadOf } from './upload-body.ts';
import { childrenOf, refuseOthers, textOf, toXml, type XmlElement } from './xml.ts';

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'];

export async function getCors(request: S3Request, { buckets }: S3Service): Promise<Answer> {
  const { cors } = buckets.require(request.bucket).settings;
  if (!cors) throw new S3Error('NoSuchCORSConfiguration', 'The CORS configuration does not exist');
  return {
    body: toXml('CORSConfiguration', {
      CORSRule: cors.map(({ id, origins, methods, allowedHeaders, exposedHeaders, maxAgeSeconds }) => ({
        ID: id,
        AllowedOrigin: origins,
        AllowedMethod: methods,
        AllowedHeader: allowedHeaders,
        ExposeHeader: exposedHeaders,
        MaxAgeSeconds: maxAgeSeconds,
      })),
    }),
  };
}

export async function putCors(request: S3Request, { buckets }: S3Service): Promise<Answer> {
  const bucket = buckets.require(request.bucket);
  const configuration = await readXml(payloadOf(request), 'CORSConfiguration');
  refuseOthers(configuration, ['CORSRule']);
  const cors = childrenOf(configuration, 'CORSRule').map(parseRule);
  if (cors.length === 0) throw new S3Error('MalformedXML', 'A CORSConfiguration has at least one CORSRule');
  buckets.change(bucket, { cors });
  return {};
}

export async function deleteCors(request: S3Request, { buckets }: S3Service): Promise<Answer> {
  buckets.change(buckets.require(request.bucket), { cors: undefined });
  return { status: 204 };
}

/**
 * Whether a bucket's rules let pages of this origin do this.
 *
 * @returns the headers that tell a browser so; `undefined` if they don't.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
 */
export function corsHeaders(
  rules: readonly CorsRule[] | undefined,
  { origin, method, headers = '' }: { origin: string; method: string; headers?: string | undefined },
): Record<string, string> | undefined {
  const asked = headers
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const rule = rules?.find(
    ({ origins, methods, allowedHeaders }) =>
      methods.includes(method) &&
      origins.some((pattern) => matches(pattern, origin)) &&
      asked.every((name) => allowedHeaders.some((pattern) => matches(pattern.toLowerCase(), name))),
  );
  if (!rule) return undefined;
  const isAnyone = rule.origins.includes('*');
  return {
    'access-control-allow-origin': isAnyone ? '*' : origin,
    'access-control-allow-methods': rule.methods.join(', '),
    ...(isAnyone ? {} : { 'access-control-allow-credentials': 'true' }),
    ...(asked.length > 0 ? { 'access-control-allow-headers': asked.join(', ') } : {}),
    ...(rule.exposedHeaders.length > 0 ? { 'access-control-expose-headers': rule.exposedHeaders.join(', ') } : {}),
    ...(rule.maxAgeSeconds === undefined ? {} : { 'access-control-max-age': String(rule.maxAgeSeconds) }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

/**
 * What a browser asks before a request of another origin's page.
 *
 * @throws {S3Error} `InvalidRequest` for what isn't such a question, `AccessDenied` if no rule lets it.
 */
export function answerPreflight(request: S3Request, rules: readonly CorsRule[] | undefined): Answer {
  const origin = header(request, 'origin');
  const method = header(request, 'access-control-request-method');
  if (origin === undefined || method === undefined) {
    throw new S3Error(
      'InvalidRequest',
      'Insufficient information. Origin and Access-Control-Request-Method headers are needed.',
    );
  }
  const headers = corsHeaders(rules, { origin, method, headers: header(request, 'access-control-request-headers') });
  if (!headers) throw new S3Error('AccessDenied', 'CORSResponse: This CORS request is not allowed by the bucket.');
  return { headers };
}

/** @throws {S3Error} `MalformedXML`, `InvalidRequest` for a method that isn't known. */
function parseRule(rule: XmlElement): CorsRule {
  refuseOthers(rule, ['ID', 'AllowedOrigin', 'AllowedMethod', 'AllowedHeader', 'ExposeHeader', 'MaxAgeSeconds']);
  const texts = (name: string) => childrenOf(rule, name).map(({ text }) => text);
  const [id, maxAge] = [textOf(rule, 'ID'), textOf(rule, 'MaxAgeSeconds')];
  const [origins, methods] = [texts('AllowedOrigin'), texts('AllowedMethod')];
  if (origins.length === 0 || methods.length === 0) {
    throw new S3Error('MalformedXML', 'A CORSRule has at least one AllowedOrigin and one AllowedMethod');
  }
  const unknown = methods.find((method) => !METHODS.includes(method));
  if (unknown !== undefined) {
    throw new S3Error(
      'InvalidRequest',
      `Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`,
    );
  }
  return {
    ...(id === undefined ? {} : { id }),
    origins,
    methods,
    allowedHeaders: texts('AllowedHeader'),
    exposedHeaders: texts('ExposeHeader'),
    ...(maxAge === undefined ? {} : { maxAgeSeconds: Number(maxAge) }),
  };
}

/** @param pattern may have one `*`. */
function matches(pattern: string, text: string): boolean {
  const [start, end] = pattern.split('*');
  if (end === undefined) return pattern === text;
  return text.length >= start!.length + end.length && text.startsWith(start!) && text.endsWith(end);
}
