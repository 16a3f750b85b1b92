import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import fc from 'fast-check';
import { TagQueries, TagStore, ZoneMap } from '../src/index.ts';
import { KILLED, storeThatDies } from './dying-store.ts';
import { randomExpression, randomRecord, SYNONYMS } from './random-expressions.ts';
import { startDynamo, type TemporaryDynamo } from './temporary-table.ts';

const at = new Date('2026-07-01T00:00:00Z');
let dynamo: TemporaryDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());

/** What is done to an image, one after another: it is tagged or removed, and whoever does it may be killed meanwhile. */
const history = fc.array(
  fc.record({
    record: fc.option(randomRecord, { nil: undefined, freq: 4 }),
    afterWrites: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined, freq: 2 }),
  }),
  { maxLength: 3 },
);

type Generated<A> = A extends fc.Arbitrary<infer Value> ? Value : never;

test('pages of any expression hold, each once, the images that a look at every record finds', async () => {
  const question = fc.record({ expression: randomExpression, limit: fc.integer({ min: 2, max: 9 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(history, { minLength: 14, maxLength: 18 }),
      fc.array(question, { minLength: 12, maxLength: 12 }),
      fc.integer({ min: 2, max: 20 }),
      async (histories, questions, maxExamined) => {
        const { table, records } = await makeTable(histories);
        const zones = new ZoneMap(table, { zoneEntries: 2 });
        const queries = new TagQueries({ ...table, synonyms: SYNONYMS, maxExamined, zones });
        for (const { expression, limit } of questions) {
          const expected = records.filter((record) => expression.matches(record, [])).map(keyOf);
          const found = await allPages(queries, expression.text, limit);
          expect({ expression: expression.text, found: found.toSorted() }).toEqual({
            expression: expression.text,
            found: expected.toSorted(),
          });
          expect(await allPages(queries, expression.text, 100)).toEqual(found);
        }
      },
    ),
    {
      numRuns: Number(process.env.EXPRESSION_RUNS ?? 3),
      seed: Number(process.env.EXPRESSION_SEED ?? 1),
      endOnFailure: true,
    },
  );
}, 300_000);

async function makeTable(histories: Generated<typeof history>[]) {
  const table = { client: dynamo.client, tableName: await dynamo.createTable() };
  const store = new TagStore(table);
  const records = new Map<number, ImageRecord>();
  const write = async (index: number, steps: Generated<typeof history>) => {
    const name = { bucket: 'photos', key: `${index}.jpg` };
    for (const { record: given, afterWrites } of steps) {
      const record = given && imageRecord(given, name);
      const worker = afterWrites === undefined ? store : storeThatDies(table, { afterWrites });
      await worker.write(await store.read(name), { record, at }).catch((error) => {
        expect(error).toMatchObject(KILLED);
      });
      if (record) records.set(index, record);
      else records.delete(index);
    }
    // As whoever gets its message next does.
    await store.finish(await store.read(name), at);
  };
  await Promise.all(histories.map((steps, index) => write(index, steps)));
  return { table, records: [...records.values()] };
}

function imageRecord(
  { takenAt, ...record }: Generated<typeof randomRecord>,
  name: { bucket: string; key: string },
): ImageRecord {
  return { ...record, image: { ...name, ...(takenAt && { takenAt }) } };
}

function keyOf({ image }: ImageRecord): string {
  return (image as { key: string }).key;
}

async function allPages(queries: TagQueries, expression: string, limit: number): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await queries.find({ expression, limit, cursor });
    expect(page.records.length).toBeLessThanOrEqual(limit);
    found.push(...page.records.map(keyOf));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}
