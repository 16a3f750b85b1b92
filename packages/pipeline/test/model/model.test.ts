import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { startDynamo, type TemporaryDynamo } from '../../../tag-store/test/temporary-table.ts';
import { expectedNames, NO_SET, RULE_SETS } from '../naive-names.ts';
import { applyRules, COMMANDS, deliver, KEYS, Model, reconcile } from './commands.ts';
import { World } from './world.ts';

/**
 * Everything that can happen to a table, in any order: objects put, replaced and removed, their events told twice or never, messages
 * delivered to several functions at once and again, last tries, people's corrections, rules and taught tags, comparisons of bucket and table; every
 * request to DynamoDB and S3 may wait for any other, be throttled, or be the last of whoever makes it. The table may never hold what
 * docs/decisions/06-exactly-once.md rules out. Once a comparison has found the lost events, the table must be that of a simple model.
 */
let dynamo: TemporaryDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());

/** What an image is found by, with its confidence in ten-thousandths. */
function names(alive: readonly string[]): [string, number][] {
  return alive
    .map((posting): [string, number] => [
      posting.slice(posting.indexOf('#') + 1),
      10_000 - Number.parseInt(posting, 10),
    ])
    .sort();
}

async function expectTheModel(model: Model, world: World): Promise<void> {
  const table = await world.raw();
  const set = RULE_SETS.find(({ version }) => version === table.rules) ?? NO_SET;
  for (const key of KEYS) {
    const text = model.texts.get(key);
    const image = table.image(key);
    const said = image && model.said.get(image.item.pk);
    const expected = expectedNames(text === 'corrupt' ? undefined : text, set, said ?? []);
    expect([key, names(image?.alive ?? [])]).toEqual([key, expected.postings]);
    for (const [name] of expected.names) expect([key, name, table.isFound(image!, name)]).toEqual([key, name, true]);
    expect([key, image?.item.record.outcome]).toEqual([key, outcomeOf(text, expected.names)]);
  }
  expect([...table.images.values()].filter(({ item }) => item.stale)).toEqual([]);
}

function outcomeOf(text: string | undefined, found: readonly unknown[]): string | undefined {
  if (text === undefined) return undefined;
  if (text === 'corrupt') return 'rejected';
  return found.length > 0 ? 'tagged' : 'empty';
}

test('whatever happens, in any order, with any crash, the table ends as a simple model says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(COMMANDS, { maxCommands: 60, size: 'max' }), async (commands) => {
      const model = new Model();
      const world = new World(dynamo, await dynamo.createTable(), (written) => model.wrote(written));
      try {
        await fc.asyncModelRun(() => ({ model, real: world }), commands);
        const rest = () => world.rest((index) => deliver(world, { index }));
        await rest();
        const inForce = RULE_SETS.findIndex(({ version }) => version === world.before?.rules);
        if (inForce >= 0) await applyRules(world, inForce);
        await rest();
        await reconcile(world);
        await rest();
        const last = await reconcile(world);
        await rest();
        expect(last.report).toMatchObject({ missing: 0, stale: 0, gone: 0, failed: 0, inFlight: 0 });
        await expectTheModel(model, world);
      } finally {
        world.close();
      }
    }),
    { numRuns: Number(process.env.MODEL_RUNS ?? 40), seed: Number(process.env.MODEL_SEED ?? 1) },
  );
}, 600_000);
