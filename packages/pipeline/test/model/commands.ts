import {
  correctImage,
  findUnindexed,
  RulesStore,
  readRecordedImages,
  readStates,
  scanImages,
  TagStore,
} from '@tagmill/tag-store';
import fc from 'fast-check';
import { unpacked } from '../../../../test/helpers/unpacked.ts';
import {
  beginReconcile,
  type ImageEvent,
  processImage,
  type ReconcileReport,
  reconcileStep,
  StoredRulesInForce,
  storeRuleSet,
} from '../../src/index.ts';
import { recordFailure } from '../../src/process-image.ts';
import { isNamedByOthers } from '../../src/rename-image.ts';
import { BUCKET } from '../fake-bucket.ts';
import { correctionOf, RULE_SETS, SAYINGS, type Said, TEXTS } from '../naive-names.ts';
import type { Fault, World, Written } from './world.ts';

export const KEYS = ['a.jpg', 'b.jpg'];

/** What was done, most simply. */
export class Model {
  /** What each object says; none that is gone. */
  readonly texts = new Map<string, string>();
  /** What people said of the content that the table shows, by image. */
  readonly said = new Map<string, Said[]>();
  readonly #shown = new Map<string, string | undefined>();

  /** What was said of a content is forgotten when the table shows another, or none. What failed shows none that is known. */
  wrote({ Item: written }: Written): void {
    if (!isShown(written)) return;
    const item = unpacked(written);
    const { image } = item.record ?? {};
    if (item.record && image?.sha256 === undefined) return;
    if (image?.sha256 !== this.#shown.get(item.pk)) this.said.delete(item.pk);
    this.#shown.set(item.pk, image?.sha256);
  }
}

/** Whether it is an image's item. */
function isShown(item: Written['Item']): item is NonNullable<Written['Item']> {
  return item?.pk?.startsWith('I#') === true;
}

type Command = fc.AsyncCommand<Model, World>;

/** Can always be given. */
function command(description: string, run: Command['run']): Command {
  return { check: () => true, run, toString: () => description };
}

function put(key: string, text: string, copies: number): Command {
  return command(`put ${key} '${text}', told ${copies} times`, async (model, world) => {
    model.texts.set(key, text);
    send(world, world.bucket.put(key, text), copies);
  });
}

function remove(key: string, copies: number): Command {
  return command(`remove ${key}, told ${copies} times`, async (model, world) => {
    model.texts.delete(key);
    send(world, world.bucket.remove(key), copies);
  });
}

function correct(key: string, said: Said): Command {
  const name = { bucket: BUCKET, key };
  return command(`correct ${key}: ${JSON.stringify(said)}`, async (model, world) => {
    const work = async () => {
      // Words that may be out of date by the time that they are said.
      const { rules, version } = await new StoredRulesInForce({ store: new RulesStore(world.table) }).refresh();
      await correctImage(name, correctionOf(said, rules), {
        store: new TagStore(world.table),
        now: () => new Date(0),
        rules: version,
        announce: async () => send(world, { ...name, isRevisit: true }, 1),
        pauseMs: 0,
      });
    };
    // It counts from the write that shows it, whatever becomes of who said it.
    const onWrite = ({ Item: item }: Written) => {
      if (isShown(item)) model.said.set(item.pk, [...(model.said.get(item.pk) ?? []), said]);
    };
    await world.begin(work, { onWrite });
  });
}

function send(world: World, event: ImageEvent, copies: number): void {
  for (let i = 0; i < copies; i++) world.queue.push(event);
}

/** A message comes to a tagging function; if it isn't dealt with, or if it `comesBack` anyway, it comes again. */
export async function deliver(
  world: World,
  { index, comesBack = false, isLast = false }: { index: number; comesBack?: boolean; isLast?: boolean },
): Promise<void> {
  const [event] = world.queue.splice(index % Math.max(1, world.queue.length), 1);
  if (!event) return;
  if (comesBack) send(world, event, 1);
  const options = world.processing();
  const work = async () => {
    if (isLast) await recordFailure(event, 9, options);
    await processImage(event, new Date(0), { inFlight: 1 }, options);
  };
  await world.begin(work, { onFailure: () => send(world, event, 1) });
}

/** As `tagmill rules apply` does. */
export async function applyRules(world: World, index: number): Promise<void> {
  const set = RULE_SETS[index]!;
  await world.begin(async () => {
    await new RulesStore(world.table).put(storeRuleSet(set), new Date(0));
    for await (const image of scanImages(world.table, ({ fault }) => {
      throw new Error(fault);
    })) {
      if (isNamedByOthers(image, set)) send(world, { ...image.name, isRevisit: true }, 1);
    }
  });
}

/** Compares once. What it found can be read once it has ended. */
export async function reconcile(world: World): Promise<{ report?: ReconcileReport }> {
  const found: { report?: ReconcileReport } = {};
  await world.begin(async () => {
    const state = await reconcileStep(beginReconcile(), {
      ...world.reconciling(),
      bucket: BUCKET,
      prefix: '',
      suffix: '',
      graceSeconds: 0,
      hasTime: () => true,
      table: {
        states: (names) => readStates(world.table, names),
        findUnindexed: (states) => findUnindexed(world.table, states),
        images: (after) => readRecordedImages(world.table, after),
        removeUnreadable: (id) => new TagStore(world.table).removeUnreadable(id, new Date()),
      },
    });
    found.report = state.report;
  });
  return found;
}

const key = fc.constantFrom(...KEYS);
const fault = fc.constantFrom<Fault>('none', 'none', 'none', 'killed-before', 'killed-after', 'throttled');
/** An event that comes once, twice, or never. */
const copies = fc.constantFrom(1, 1, 1, 2, 0);
const step = fc
  .record({ index: fc.nat(50), count: fc.integer({ min: 1, max: 8 }), fault })
  .map((options) => command(`step ${JSON.stringify(options)}`, (_, world) => world.step(options)));
const delivery = fc
  .record({
    index: fc.nat(20),
    comesBack: fc.constantFrom(false, false, true),
    isLast: fc.constantFrom(false, false, false, true),
  })
  .map((options) => command(`deliver ${JSON.stringify(options)}`, (_, world) => deliver(world, options)));

/** What can be done, the likelier the more often it is listed. */
export const COMMANDS: fc.Arbitrary<Command>[] = [
  ...Array<fc.Arbitrary<Command>>(8).fill(step),
  ...Array<fc.Arbitrary<Command>>(4).fill(delivery),
  ...Array<fc.Arbitrary<Command>>(2).fill(
    fc.tuple(key, fc.constantFrom(...TEXTS, 'corrupt'), copies).map((values) => put(...values)),
  ),
  fc.tuple(key, copies).map((values) => remove(...values)),
  fc.tuple(key, fc.constantFrom(...SAYINGS)).map((values) => correct(...values)),
  fc.nat(RULE_SETS.length - 1).map((index) => command(`apply rules ${index}`, (_, world) => applyRules(world, index))),
  fc.constant(command('reconcile', async (_, world) => void (await reconcile(world)))),
];
