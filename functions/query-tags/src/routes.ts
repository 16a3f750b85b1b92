import type { Logger } from '@aws-lambda-powertools/logger';
import { type ImageRecord, TagmillError } from '@tagmill/core';
import {
  type ObjectName,
  readTagStatistics,
  TagQueries,
  TagStore,
  type TagStoreOptions,
  ZoneMap,
} from '@tagmill/tag-store';
import type { APIGatewayProxyStructuredResultV2, LambdaFunctionURLEvent } from 'aws-lambda';
import type * as z from 'zod';
import { CONTRACT, CORRECTIONS, type CorrectionPath, openApiDocument, type Path } from './contract.ts';
import { type CorrectionsOptions, Corrector } from './corrections.ts';
import { problem, toProblem } from './problem.ts';
import { imageOfPath, parseBody, parseQuery } from './requests.ts';
import { SimilarImages } from './similar-images.ts';
import { TagList } from './tag-list.ts';
import type { Vocabulary } from './vocabulary.ts';

export type HttpRequest = Pick<LambdaFunctionURLEvent, 'rawPath' | 'rawQueryString'> &
  Partial<Pick<LambdaFunctionURLEvent, 'body' | 'isBase64Encoded'>> & {
    requestContext: { http: Pick<LambdaFunctionURLEvent['requestContext']['http'], 'method'> };
  };

export interface RoutesOptions extends CorrectionsOptions {
  /** The words of now: the same object until they change. */
  vocabulary: () => Promise<Vocabulary>;
  /** That questions may name; unchecked if absent. */
  variants?: readonly string[];
}

type Handlers = {
  [P in Path]: (query: z.output<(typeof CONTRACT)[P]['query']>, name: ObjectName) => Promise<unknown>;
};

/**
 * The API over a table. Whatever is thrown becomes a problem document.
 *
 * @returns the handler of a function URL, payload format 2.0.
 */
export function createRoutes({ vocabulary, announce, variants, ...table }: RoutesOptions, logger: Logger) {
  const corrector = new Corrector({ ...table, announce });
  const questions = questionsOver(table, variants);

  const route = async (request: HttpRequest): Promise<unknown> => {
    const { rawPath, rawQueryString = '', requestContext } = request;
    const name = imageOfPath(rawPath);
    const path = name ? '/images/{bucket}/{key}' : (rawPath as Path);
    if (!Object.hasOwn(CONTRACT, path)) throw new TagmillError('not-found', `No such path: ${rawPath}`);
    const words = await vocabulary();
    if (requestContext.http.method === 'POST') {
      const { query, body } = CORRECTIONS[path as CorrectionPath];
      const image = { ...parseQuery(query, rawQueryString), ...name } as ObjectName;
      return corrector.correct(image, parseBody(body, request), words);
    }
    const handle = questions(words)[path] as (query: object, name?: ObjectName) => Promise<unknown>;
    return handle(parseQuery(CONTRACT[path].query, rawQueryString), name);
  };

  return async (request: HttpRequest): Promise<APIGatewayProxyStructuredResultV2> => {
    const { rawPath, rawQueryString, requestContext } = request;
    const { method } = requestContext.http;
    const allowed = methodsOf(rawPath);
    if (!allowed.includes(method))
      return problem(405, { detail: `${method} is not allowed` }, { allow: allowed.join(', ') });
    try {
      const body = JSON.stringify(await route(request));
      return { statusCode: 200, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' }, body };
    } catch (error) {
      const answer = toProblem(error);
      if (answer.statusCode! >= 500) logger.error('request failed', { rawPath, rawQueryString, error: error as Error });
      return answer;
    }
  };
}

function methodsOf(rawPath: string): string[] {
  const isCorrectable = rawPath.startsWith('/images/') || Object.hasOwn(CORRECTIONS, rawPath);
  return isCorrectable ? ['GET', 'HEAD', 'POST'] : ['GET', 'HEAD'];
}

/** Of `BUCKET/KEY`. */
function nameIn(text: string): ObjectName {
  const at = text.indexOf('/');
  return { bucket: text.slice(0, at), key: text.slice(at + 1) };
}

/** What answers questions, made anew when the words change. */
function questionsOver(
  table: TagStoreOptions,
  variants: readonly string[] | undefined,
): (vocabulary: Vocabulary) => Handlers {
  const store = new TagStore(table);
  const similar = new SimilarImages(table);
  const record = async (name: ObjectName): Promise<ImageRecord> => {
    const found = await store.readRecord(name);
    if (found) return found;
    throw new TagmillError('not-found', `No record of ${name.key} in ${name.bucket}`);
  };
  const zones = new ZoneMap(table);
  let made: { of: Vocabulary; handlers: Handlers } | undefined;
  return (vocabulary) => {
    if (made?.of !== vocabulary) {
      const options = { ...table, synonyms: vocabulary.synonyms, names: vocabulary.names };
      const queries = new TagQueries({ ...options, variants, zones });
      const tags = new TagList(options);
      const handlers: Handlers = {
        '/images': async ({ q, explain, like, scan: _, ...question }) => {
          if (like !== undefined) return similar.find(nameIn(like), question);
          const { records, plan, ...more } = await queries.find({ expression: q, ...question });
          return { images: records, ...more, ...(explain && { plan }) };
        },
        '/images/{bucket}/{key}': (_, name) => record(name),
        '/image': record,
        '/tags': (question) => tags.page(question),
        '/dates': () => tags.months(),
        '/folders': (question) => tags.folders(question),
        '/stats': () => readTagStatistics(table),
        '/openapi.json': async () => openApiDocument(),
      };
      made = { of: vocabulary, handlers };
    }
    return made.handlers;
  };
}
