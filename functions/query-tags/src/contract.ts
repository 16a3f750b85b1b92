import * as z from 'zod';
import {
  correction,
  foldersPage,
  foldersQuery,
  imageQuery,
  imageRecord,
  imagesPage,
  imagesQuery,
  monthsPage,
  noQuery,
  problemDocument,
  statistics,
  tagsPage,
  tagsQuery,
} from './schemas.ts';

/** What can be asked, and how it is answered: the routes keep to it, and /openapi.json is made of it. */
export const CONTRACT = {
  '/images': {
    summary: 'Images that an expression describes, or that look like one',
    query: imagesQuery,
    answer: imagesPage,
  },
  '/images/{bucket}/{key}': {
    summary: 'The record of an image; a / of its key stands as it is, or encoded',
    path: imageQuery,
    query: noQuery,
    answer: imageRecord,
  },
  '/image': {
    summary: 'The same, for keys that a client would normalize in a path',
    query: imageQuery,
    answer: imageRecord,
  },
  '/tags': { summary: 'Tags with the numbers of their images', query: tagsQuery, answer: tagsPage },
  '/dates': { summary: 'Months that photos were taken in, with their numbers', query: noQuery, answer: monthsPage },
  '/folders': { summary: 'Folders with the numbers of their images', query: foldersQuery, answer: foldersPage },
  '/stats': { summary: 'Counts by outcome and variant, latencies, budgets', query: noQuery, answer: statistics },
  '/openapi.json': { summary: 'This document', query: noQuery, answer: z.record(z.string(), z.unknown()) },
} as const satisfies Record<string, Operation>;

export type Path = keyof typeof CONTRACT;

/** What can be said, by POST. */
export const CORRECTIONS = {
  '/images/{bucket}/{key}': {
    summary: "Correct an image's tags: the later word counts, and tagging it anew changes nothing of that",
    path: imageQuery,
    query: noQuery,
    body: correction,
    answer: imageRecord,
  },
  '/image': { summary: 'The same', query: imageQuery, body: correction, answer: imageRecord },
} as const satisfies Partial<Record<Path, Operation>>;

export type CorrectionPath = keyof typeof CORRECTIONS;

interface Operation {
  summary: string;
  path?: z.ZodObject;
  query: z.ZodObject;
  body?: z.ZodType;
  answer: z.ZodType;
}

/** The contract as an OpenAPI 3.1 document, whose schemas are JSON Schema as they stand. */
export function openApiDocument(): Record<string, unknown> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    uri: (id) => `#/components/schemas/${id}`,
    io: 'input',
  });
  return {
    openapi: '3.1.0',
    info: { title: 'tagmill', version: '1', description: 'Ask for tagged images' },
    paths: Object.fromEntries(
      Object.entries(CONTRACT).map(([path, operation]) => {
        const post = CORRECTIONS[path as CorrectionPath];
        return [path, { get: describe(operation), ...(post && { post: describe(post) }) }];
      }),
    ),
    components: { schemas },
  };
}

function describe({ summary, path, query, body, answer }: Operation) {
  return {
    summary,
    parameters: [...parameters('path', path), ...parameters('query', query)],
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: reference(body) } } } }),
    responses: {
      200: { description: 'Found', content: { 'application/json': { schema: reference(answer) } } },
      default: {
        description: 'RFC 9457',
        content: { 'application/problem+json': { schema: reference(problemDocument) } },
      },
    },
  };
}

function parameters(where: 'path' | 'query', schema: z.ZodObject | undefined) {
  if (!schema) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: required.includes(name),
    schema: property,
  }));
}

function reference(schema: z.ZodType) {
  const id = z.globalRegistry.get(schema)?.id;
  return id ? { $ref: `#/components/schemas/${id}` } : z.toJSONSchema(schema);
}
