import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadCatalogue, type NewVariant, recordThresholds, registerVariant } from '../src/index.ts';

let directory: string;
beforeEach(async () => {
  directory = await fs.mkdtemp(path.join(os.tmpdir(), 'catalogue-'));
});
afterEach(() => fs.rm(directory, { recursive: true }));

const card = (variant: string, more: Partial<NewVariant> = {}): NewVariant => ({
  variant,
  model: new Uint8Array([1, 2, 3]),
  labels: 'two',
  labelSet: [
    { index: 0, name: 'cat', synonyms: [], parents: ['animal'] },
    { index: 1, name: 'dog', synonyms: [], parents: ['animal'] },
  ],
  preprocessing: { inputSize: 64, fit: 'squash', centralFraction: 1 },
  multAdds: 100,
  parameters: 10,
  source: 'a test',
  licence: 'Apache-2.0',
  ...more,
});

const open = () => loadCatalogue({ directories: [directory] });
const catalogueFile = () => path.join(directory, 'catalogue.json');

describe('a catalogue', () => {
  test('gives back what was registered: its facts, labels and model', async () => {
    await registerVariant(directory, card('pets/0.5-128'));
    const catalogue = await open();
    const variant = catalogue.find('pets/0.5-128');
    expect(variant).toMatchObject({ family: 'pets', alpha: 0.5, resolution: 128, precision: 'float32', sizeBytes: 3 });
    expect((await catalogue.labels(variant)).map(({ name }) => name)).toEqual(['cat', 'dog']);
    expect([...(await catalogue.onnx(variant))]).toEqual([1, 2, 3]);
  });

  test('holds a variant once, however often it is registered', async () => {
    await registerVariant(directory, card('pets/0.5-128'));
    await registerVariant(directory, card('pets/0.5-128', { model: new Uint8Array([9]) }));
    const { variants } = await open();
    expect(variants).toHaveLength(1);
    expect(variants[0]!.sizeBytes).toBe(1);
  });

  test('holds all that were registered at the same time', async () => {
    const names = [64, 96, 128, 160, 192, 224].map((resolution) => `pets/0.5-${resolution}`);
    await Promise.all(names.map((name) => registerVariant(directory, card(name))));
    expect((await open()).variants.map(({ variant }) => variant)).toEqual(names);
    expect((await fs.readdir(directory)).sort()).toEqual(['catalogue.json', 'labels', 'onnx']);
  });

  test('holds when a variant is right, a line a tag', async () => {
    await registerVariant(directory, card('pets/0.5-128'));
    expect(await (await open()).thresholds('pets/0.5-128')).toBeUndefined();
    const measured = { prevalence: 0.1, positives: 30, negatives: 3000 };
    const tags = { cat: { shown: 0.25, sure: null, ...measured }, animal: { shown: 0.5, sure: 0.75, ...measured } };
    await recordThresholds(directory, 'pets/0.5-128', { measuredOn: 'a test', broader: 'max', tags });
    const catalogue = await open();
    expect(await catalogue.thresholds('pets/0.5-128')).toMatchObject({ broader: 'max', measuredOn: 'a test', tags });
    const text = await fs.readFile(path.join(directory, 'thresholds/pets-0.5-128.json'), 'utf8');
    expect(text.split('\n')).toContain(
      '    "cat": {"shown":0.25,"sure":null,"prevalence":0.1,"positives":30,"negatives":3000},',
    );
    const unknown = expect.objectContaining({ code: 'unknown-variant' });
    await expect(catalogue.thresholds('pets/1.0-128')).rejects.toEqual(unknown);
    await expect(recordThresholds(directory, 'pets/1.0-128', { measuredOn: '', broader: 'max', tags })).rejects.toEqual(
      unknown,
    );
  });

  test('keeps the labels that its variants were registered with', async () => {
    await registerVariant(directory, card('pets/0.5-128'));
    await registerVariant(directory, card('pets/0.5-160'));
    const others = [{ index: 0, name: 'bird', synonyms: [], parents: [] }];
    await expect(registerVariant(directory, card('pets/0.5-192', { labelSet: others }))).rejects.toThrow(
      /different label/,
    );
    expect((await open()).variants).toHaveLength(2);
  });

  test('lists what there is when a variant or family is unknown', async () => {
    await registerVariant(directory, card('pets/0.5-128'));
    const catalogue = await open();
    expect(() => catalogue.find('pets/9.9-128')).toThrow('Unknown variant "pets/9.9-128"; there are: pets/0.5-128');
    expect(() => catalogue.family('birds')).toThrow('Unknown family "birds"; there are: pets');
  });

  test('orders a family by measured accuracy, then by mult-adds, int8 last', async () => {
    await registerVariant(directory, card('pets/0.5-128-int8', { top1: 0.41, multAdds: 20 }));
    await registerVariant(directory, card('pets/0.25-64', { multAdds: 5 }));
    await registerVariant(directory, card('pets/0.5-64', { multAdds: 50 }));
    await registerVariant(directory, card('pets/0.5-128', { top1: 0.4, multAdds: 20 }));
    const names = (await open()).family('pets').map(({ variant }) => variant);
    expect(names).toEqual(['pets/0.5-128', 'pets/0.5-64', 'pets/0.25-64', 'pets/0.5-128-int8']);
  });

  test('refuses a model file that is not the one it describes', async () => {
    const { file } = await registerVariant(directory, card('pets/0.5-128'));
    await fs.writeFile(path.join(directory, file), 'changed');
    const catalogue = await open();
    await expect(catalogue.onnx(catalogue.find('pets/0.5-128'))).rejects.toMatchObject({ code: 'checksum-mismatch' });
  });

  test('refuses two descriptions of one variant', async () => {
    await registerVariant(directory, card('pets/0.5-128'));
    const other = path.join(directory, 'other');
    await registerVariant(other, card('pets/0.5-128', { labels: 'others' }));
    await expect(loadCatalogue({ directories: [directory, other] })).rejects.toThrow(/described twice/);
  });

  test.each([
    ['is no JSON', '{', /is not JSON/],
    ['lacks a field', '{"schemaVersion":1,"variants":[]}', /labelSets/],
    ['points out of its folder', '{"schemaVersion":1,"labelSets":{"a":"../a.json"},"variants":[]}', /inside the cat/],
  ])('that %s is refused, by file and field', async (_, text, message) => {
    await fs.writeFile(catalogueFile(), text);
    await expect(open()).rejects.toThrow(message);
  });

  test('that has a fault deep down is refused by where it is', async () => {
    await registerVariant(directory, card('pets/0.5-128'));
    const text = await fs.readFile(catalogueFile(), 'utf8');
    await fs.writeFile(catalogueFile(), text.replace('"squash"', '"stretch"'));
    await expect(open()).rejects.toThrow(/catalogue\.json: variants\.0\.preprocessing\.fit: .*"stretch"/);
  });

  test('whose labels are out of order is refused, by file', async () => {
    await registerVariant(directory, card('pets/0.5-128'));
    const { labelSets } = JSON.parse(await fs.readFile(catalogueFile(), 'utf8'));
    const [file] = Object.values<string>(labelSets);
    const wrong = [{ index: 1, name: 'cat', synonyms: [], parents: [] }];
    await fs.writeFile(path.join(directory, file!), JSON.stringify(wrong));
    const catalogue = await open();
    await expect(catalogue.labels(catalogue.find('pets/0.5-128'))).rejects.toThrow(
      `${path.join(directory, file!)}: must be in the order of \`index\``,
    );
  });
});
