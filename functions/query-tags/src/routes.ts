import type { Logger } from '@aws-lambda-powertools/logger';
import { type ImageRecord, TagmillError } from '@tagmill/core';
import {
  type ObjectName,
  OUTCOMES,
  type Page,
  TagQueries,
  TagStore,
  type TagStoreOptions,
  tagStatistics,
} from '@tagmill/tag-store';
import type { APIGatewayProxyStructuredResultV2, LambdaFunctionURLEvent } from 'aws-lambda';
import { problem, problemOf } from './problem.ts';
import { imageOfPath, imageQuery, imagesQuery, noQuery, parseQuery, tagOfExpression } from './requests.ts';

export type HttpRequest = Pick<LambdaFunctionURLEvent, 'rawPath' | 'rawQueryString'> & {
  requestContext: { http: Pick<LambdaFunctionURLEvent['requestContext']['http'], 'method'> };
};

/**
 * The API over a table. Whatever is thrown becomes a problem document.
 *
 * @returns the handler of a function URL, payload format 2.0.
 */
export function createRoutes(options: TagStoreOptions, logger: Logger) {
  const store = new TagStore(options);
  const queries = new TagQueries(options);

  const record = async (name: ObjectName): Promise<ImageRecord> => {
    const found = await store.readRecord(name);
    if (found) return found;
    throw new TagmillError('not-found', `No record of ${name.key} in ${name.bucket}`);
  };

  const images = async (rawQueryString: string) => {
    const { q, outcome, limit, cursor } = parseQuery(imagesQuery, rawQueryString);
    const page: Page =
      q === undefined
        ? await queries.imagesByOutcome({ outcomes: outcome ? [outcome] : OUTCOMES, limit, cursor })
        : await queries.imagesByTag({ tag: tagOfExpression(q), limit, cursor });
    return { images: page.records, ...(page.cursor && { cursor: page.cursor }) };
  };

  const route = async (rawPath: string, rawQueryString: string): Promise<unknown> => {
    if (rawPath === '/images') return images(rawQueryString);
    if (rawPath === '/image') return record(parseQuery(imageQuery, rawQueryString));
    if (rawPath === '/stats') {
      parseQuery(noQuery, rawQueryString);
      return tagStatistics(options);
    }
    const name = imageOfPath(rawPath);
    if (!name) throw new TagmillError('not-found', `No such path: ${rawPath}`);
    parseQuery(noQuery, rawQueryString);
    return record(name);
  };

  return async ({
    rawPath,
    rawQueryString,
    requestContext,
  }: HttpRequest): Promise<APIGatewayProxyStructuredResultV2> => {
    const { method } = requestContext.http;
    if (method !== 'GET' && method !== 'HEAD') return problem(405, `${method} is not allowed`, { allow: 'GET, HEAD' });
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
