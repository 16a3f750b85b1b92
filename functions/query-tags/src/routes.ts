import type { Logger } from '@aws-lambda-powertools/logger';
import { type ImageRecord, TagmillError } from '@tagmill/core';
import { type ObjectName, TagQueries, type TagQueriesOptions, TagStore, tagStatistics } from '@tagmill/tag-store';
import type { APIGatewayProxyStructuredResultV2, LambdaFunctionURLEvent } from 'aws-lambda';
import type { z } from 'zod';
import { CONTRACT, openApiDocument, type Path } from './contract.ts';
import { problem, problemOf } from './problem.ts';
import { imageOfPath, parseQuery } from './requests.ts';
import { TagList } from './tag-list.ts';

export type HttpRequest = Pick<LambdaFunctionURLEvent, 'rawPath' | 'rawQueryString'> & {
  requestContext: { http: Pick<LambdaFunctionURLEvent['requestContext']['http'], 'method'> };
};

type Handlers = {
  [P in Path]: (query: z.output<(typeof CONTRACT)[P]['query']>, name: ObjectName) => Promise<unknown>;
};

/**
 * The API over a table. Whatever is thrown becomes a problem document.
 *
 * @returns the handler of a function URL, payload format 2.0.
 */
export function createRoutes(options: TagQueriesOptions, logger: Logger) {
  const store = new TagStore(options);
  const queries = new TagQueries(options);
  const tags = new TagList(options);

  const record = async (name: ObjectName): Promise<ImageRecord> => {
    const found = await store.readRecord(name);
    if (found) return found;
    throw new TagmillError('not-found', `No record of ${name.key} in ${name.bucket}`);
  };

  const handlers: Handlers = {
    '/images': async ({ q, explain, ...question }) => {
      const { records, cursor, plan } = await queries.find({ expression: q, ...question });
      return { images: records, ...(cursor && { cursor }), ...(explain && { plan }) };
    },
    '/images/{bucket}/{key}': (_, name) => record(name),
    '/image': record,
    '/tags': (question) => tags.page(question),
    '/stats': () => tagStatistics(options),
    '/openapi.json': async () => openApiDocument(),
  };

  const route = (rawPath: string, rawQueryString: string): Promise<unknown> => {
    const name = imageOfPath(rawPath);
    const path = name ? '/images/{bucket}/{key}' : (rawPath as Path);
    if (!Object.hasOwn(CONTRACT, path)) throw new TagmillError('not-found', `No such path: ${rawPath}`);
    const handle = handlers[path] as Handlers[Path] & ((query: object, name?: ObjectName) => Promise<unknown>);
    return handle(parseQuery(CONTRACT[path].query, rawQueryString), name);
  };

  return async ({
    rawPath,
    rawQueryString,
    requestContext,
  }: HttpRequest): Promise<APIGatewayProxyStructuredResultV2> => {
    const { method } = requestContext.http;
    if (method !== 'GET' && method !== 'HEAD')
      return problem(405, { detail: `${method} is not allowed` }, { allow: 'GET, HEAD' });
    try {
      const body = JSON.stringify(await route(rawPath, rawQueryString ?? ''));
      return { statusCode: 200, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' }, body };
    } catch (error) {
      const answer = problemOf(error);
      if (answer.statusCode! >= 500) logger.error('request failed', { rawPath, rawQueryString, error: error as Error });
      return answer;
    }
  };
}
