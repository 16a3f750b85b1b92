import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { TagmillError } from '@tagmill/core';
import { type RuleSet, StoredRulesInForce } from '@tagmill/pipeline';
import { RulesStore, type TagStoreOptions } from '@tagmill/tag-store';
import { REX } from '../../pipeline/test/naive-names.ts';
import { startDynamo, type TemporaryDynamo } from '../../tag-store/test/temporary-table.ts';
import { changeRuleSet } from '../src/index.ts';

let dynamo: TemporaryDynamo;
let table: TagStoreOptions;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());
beforeEach(async () => {
  table = { client: dynamo.client, tableName: await dynamo.createTable() };
});

const inForce = () => new StoredRulesInForce({ store: new RulesStore(table) }).refresh();
const adding =
  (name: string) =>
  ({ rules, taught = [] }: RuleSet) => ({ rules, taught: [...taught, { ...REX, name }] });

test('of several who change the rules at once nothing is lost', async () => {
  const rules = { tags: { collie: { rename: 'sheepdog' } } };
  await Promise.all([
    ...['a', 'b', 'c'].map((name) => changeRuleSet(new RulesStore(table), adding(name))),
    changeRuleSet(new RulesStore(table), ({ taught = [] }) => ({ rules, taught })),
  ]);
  const set = await inForce();
  expect(set.rules).toEqual(rules);
  expect(set.taught?.map(({ name }) => name).sort()).toEqual(['a', 'b', 'c']);
});

test('who is always too late is told so, and has changed nothing', async () => {
  const store = new RulesStore(table);
  let rivals = 0;
  const late = changeRuleSet(
    {
      version: () => store.version(),
      text: (version) => store.text(version),
      put: async (...args) => {
        await changeRuleSet(store, adding(`rival ${rivals++}`));
        await store.put(...args);
      },
    },
    adding('late'),
  );
  await expect(late).rejects.toMatchObject({ code: 'conflict' });
  expect((await inForce()).taught).toHaveLength(rivals);
  expect(rivals).toBe(5);
});

test('what a change has against it is thrown, and nothing is put', async () => {
  const against = new TagmillError('invalid-argument', 'No');
  const refusing = () => {
    throw against;
  };
  await expect(changeRuleSet(new RulesStore(table), refusing)).rejects.toBe(against);
  expect(await dynamo.items(table.tableName)).toEqual([]);
});

test('more taught tags than an item holds are refused before the table is asked', async () => {
  const many = Array.from({ length: 200 }, (_, i) => ({
    ...REX,
    name: `tag ${i}`,
    head: { weights: Array<number>(300).fill(-0.123456), bias: 0 },
  }));
  const put = changeRuleSet(new RulesStore(table), ({ rules }) => ({ rules, taught: many }));
  await expect(put).rejects.toMatchObject({
    code: 'invalid-argument',
    message: 'Rules and 200 taught tags are more than the table holds: forget some, with tagmill taught rm',
  });
});
