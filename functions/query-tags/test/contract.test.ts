import { Logger } from '@aws-lambda-powertools/logger';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TagStore } from '@tagmill/tag-store';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { noRules } from '../../../packages/pipeline/test/fake-bucket.ts';
import { record, tag } from '../../../packages/tag-store/test/records.ts';
import { startDynamo, type TemporaryDynamo } from '../../../packages/tag-store/test/temporary-table.ts';
import { createRoutes } from '../src/routes.ts';
import { wordsInForce } from '../src/vocabulary.ts';

let dynamo: TemporaryDynamo;
let ask: (rawPath: string, query?: string, body?: object) => Promise<{ statusCode: number; type: string; body: any }>;
let document: any;

beforeAll(async () => {
  dynamo = await startDynamo();
  const options = { client: dynamo.client, tableName: await dynamo.createTable() };
  const routes = createRoutes(
    { ...options, vocabulary: wordsInForce([], noRules), announce: async () => {} },
    new Logger({ logLevel: 'SILENT' }),
  );
  const store = new TagStore(options);
  const at = new Date();
  const { model, timings, budget, ...rejected } = record('bad.jpg', [], { outcome: 'rejected', reason: 'corrupt' });
  for (const next of [record('a.jpg', [tag('collie', 0.9, 'dog')]), record('b.jpg', [tag('dog', 0.8)]), rejected]) {
    const { bucket, key } = next.image as { bucket: string; key: string };
    const fingerprint = { hash: '00112233445566ff', sharpness: 12.5, space: 'test-4-abc', embedding: 'AQL+gQ==' };
    await store.write(await store.read({ bucket, key }), { record: next, fingerprint, at });
  }
  ask = async (rawPath, rawQueryString = '', body) => {
    const method = body ? 'POST' : 'GET';
    const sent = body ? { body: JSON.stringify(body) } : {};
    const answer = await routes({ rawPath, rawQueryString, ...sent, requestContext: { http: { method } } });
    const type = String(answer.headers!['content-type']);
    return { statusCode: answer.statusCode!, type, body: JSON.parse(answer.body!) };
  };
  ({ body: document } = await ask('/openapi.json'));
});
afterAll(() => dynamo.close());

/** What is wrong with an answer by the document that the service itself hands out. */
function faults(
  path: string,
  { statusCode, type, body }: Awaited<ReturnType<typeof ask>>,
  method: 'get' | 'post' = 'get',
): unknown {
  const { responses } = document.paths[path][method];
  const schema = (responses[statusCode] ?? responses.default).content[type]?.schema;
  return schema ? faultsBy(schema, body) : `no ${type} for ${statusCode}`;
}

function faultsBy(schema: object, body: unknown): unknown {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile({ ...schema, components: document.components });
  return validate(body) ? undefined : validate.errors;
}

/** A request for each path, with all parameters that it has, and one that is refused. */
const REQUESTS: Record<string, [string, string][]> = {
  '/images': [
    ['/images', ''],
    ['/images', 'q=dog&outcome=tagged&limit=1&scan=true&explain=true'],
    ['/images', 'outcome=rejected'],
    ['/images', 'fingerprint=true'],
    ['/images', 'like=photos/a.jpg&limit=1&fingerprint=true'],
    ['/images', 'like=photos/none.jpg'],
    ['/images', 'like=photos/a.jpg&q=dog'],
    ['/images', 'q=dog+and+('],
    ['/images', 'cursor=none'],
  ],
  '/images/{bucket}/{key}': [
    ['/images/photos/a.jpg', ''],
    ['/images/photos/none.jpg', ''],
  ],
  '/image': [
    ['/image', 'bucket=photos&key=bad.jpg'],
    ['/image', 'bucket=photos'],
  ],
  '/tags': [
    ['/tags', ''],
    ['/tags', 'prefix=d&limit=1&all=true'],
    ['/tags', 'limit=x'],
  ],
  '/dates': [
    ['/dates', ''],
    ['/dates', 'year=2009'],
  ],
  '/folders': [
    ['/folders', ''],
    ['/folders', 'prefix=2009'],
    ['/folders', 'folder=2009'],
  ],
  '/stats': [
    ['/stats', ''],
    ['/stats', 'x=y'],
  ],
  '/openapi.json': [['/openapi.json', '']],
};

describe('the document at /openapi.json', () => {
  test('describes every path, and no other', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(Object.keys(REQUESTS));
  });

  test.each(Object.entries(REQUESTS))('describes what %s answers', async (path, requests) => {
    for (const [rawPath, query] of requests) {
      const answer = await ask(rawPath, query);
      expect([rawPath, query, faults(path, answer)]).toEqual([rawPath, query, undefined]);
    }
  });

  test('names every parameter that is taken, with its schema', async () => {
    const parameters = document.paths['/images'].get.parameters;
    expect(parameters.map(({ name }: { name: string }) => name)).toEqual([
      'q',
      'outcome',
      'limit',
      'cursor',
      'scan',
      'fingerprint',
      'explain',
      'like',
    ]);
    expect(parameters.find(({ name }: { name: string }) => name === 'limit').schema).toMatchObject({ maximum: 100 });
    expect(parameters.filter(({ required }: { required: boolean }) => required)).toEqual([]);
  });

  test('describes corrections, and what they are answered', async () => {
    const posts = Object.entries<any>(document.paths).filter(([, { post }]) => post);
    expect(posts.map(([path]) => path)).toEqual(['/images/{bucket}/{key}', '/image']);
    const { schema } = posts[0]![1].post.requestBody.content['application/json'];
    const said = { add: ['terrier'], remove: ['collie'] };
    expect([faultsBy(schema, said), faultsBy(schema, { added: [] })]).toEqual([undefined, expect.any(Array)]);
    for (const [path, query] of [['/images/photos/a.jpg'], ['/image', 'bucket=photos&key=a.jpg']] as const) {
      const template = query ? path : '/images/{bucket}/{key}';
      const answer = await ask(path, query, said);
      expect([answer.statusCode, faults(template, answer, 'post')]).toEqual([200, undefined]);
      expect(faults(template, await ask(path, query, { add: [' '] }), 'post')).toBeUndefined();
    }
  });

  test('would tell an answer that is not as described', async () => {
    const answer = await ask('/images');
    answer.body.images[0].outcome = 'great';
    expect(faults('/images', answer)).toMatchObject([{ instancePath: '/images/0/outcome' }]);
  });
});
