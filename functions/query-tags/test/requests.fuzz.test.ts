import { Logger } from '@aws-lambda-powertools/logger';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TagStore } from '@tagmill/tag-store';
import fc from 'fast-check';
import { record, tag } from '../../../packages/tag-store/test/records.ts';
import { startDynamo, type TemporaryDynamo } from '../../../packages/tag-store/test/temporary-table.ts';
import { fuzzing } from '../../../test/helpers/fuzz.ts';
import { createRoutes } from '../src/routes.ts';
import { problemDocument } from '../src/schemas.ts';
import { buildVocabulary } from '../src/vocabulary.ts';

let dynamo: TemporaryDynamo;
let routes: ReturnType<typeof createRoutes>;
beforeAll(async () => {
  dynamo = await startDynamo();
  const table = { client: dynamo.client, tableName: await dynamo.createTable() };
  const vocabulary = buildVocabulary([{ index: 0, name: 'collie', synonyms: ['sheepdog'], parents: ['dog'] }], {
    rules: { tags: {} },
    version: undefined,
  });
  const logger = new Logger({ logLevel: 'SILENT' });
  routes = createRoutes({ ...table, vocabulary: async () => vocabulary, announce: async () => {} }, logger);
  const store = new TagStore(table);
  const at = new Date('2026-01-02T03:04:05Z');
  for (const key of ['a.jpg', 'b.jpg']) {
    const next = record(key, [tag('collie', 0.9, 'dog')]);
    await store.write(await store.read({ bucket: 'photos', key }), { record: next, at });
  }
});
afterAll(() => dynamo.close());

const junk = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ maxLength: 3000 }),
  fc.constantFrom('', '%', '%00', '../..', '__proto__'),
);
const path = fc.oneof(
  fc.constantFrom(
    '/images',
    '/images',
    '/tags',
    '/stats',
    '/image',
    '/openapi.json',
    '/images/photos/a.jpg',
    '/images/photos/b.jpg',
  ),
  fc.constantFrom(
    '',
    '/',
    '//',
    '/images/',
    '/images//',
    '/constructor',
    '/__proto__',
    '/images/{bucket}/{key}',
    '/images/photos/%FF',
  ),
  fc.array(junk, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
  fc.array(junk, { maxLength: 3 }).map((parts) => `/images/${parts.map(encodable).join('/')}`),
);
const parameter = fc.tuple(
  fc.oneof(
    fc.constantFrom('q', 'outcome', 'limit', 'cursor', 'scan', 'explain', 'prefix', 'all', 'bucket', 'key'),
    junk,
  ),
  fc.oneof(
    junk,
    fc.constantFrom(
      'dog',
      'dog and not cat',
      'not dog',
      'confidence>0.5',
      'taken:2026',
      'c*',
      'tagged',
      '1',
      '100',
      '0',
      '-1',
      '1e9',
      'NaN',
      'true',
      'photos',
      'a.jpg',
    ),
  ),
);
const query = fc.oneof(
  fc
    .array(parameter, { maxLength: 5 })
    .map((pairs) => new URLSearchParams(pairs.map((pair) => pair.map(wellFormed))).toString()),
  junk,
);
const body = fc.oneof(
  fc.constant(undefined),
  junk,
  fc.json({ maxDepth: 4 }),
  fc
    .record(
      { add: fc.array(junk), remove: fc.array(junk), forget: fc.array(junk), more: fc.jsonValue() },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '{"add":["dog"]}',
    '{"remove":["collie"]}',
    '{"forget":["dog"]}',
    '{"add":["dog"],"remove":["dog"]}',
    '{"__proto__":{}}',
  ),
  fc.nat(100_000).map((depth) => '['.repeat(depth)),
);
const request = fc.record({
  method: fc.oneof(fc.constantFrom('GET', 'GET', 'POST', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'), junk),
  rawPath: path,
  rawQueryString: query,
  body,
  isBase64Encoded: fc.boolean(),
});

test('any request is answered, never by a fault of the service, and a refusal is a problem document', async () => {
  await fc.assert(
    fc.asyncProperty(request, async ({ method, ...rest }) => {
      const { body: given, ...others } = rest;
      const answer = await routes({
        ...others,
        ...(given !== undefined && { body: given }),
        requestContext: { http: { method } },
      });
      const { statusCode, headers, body: text } = answer;
      expect([200, 400, 404, 405, 409]).toContain(statusCode);
      const json = JSON.parse(text!);
      if (statusCode === 200) return;
      expect(headers!['content-type']).toBe('application/problem+json');
      expect(problemDocument.parse(json).status).toBe(statusCode);
    }),
    fuzzing(300),
  );
}, 600_000);

function wellFormed(text: string): string {
  return text.toWellFormed();
}

function encodable(text: string): string {
  return encodeURIComponent(wellFormed(text));
}
