import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type MinConfidence, TagmillError, type TagThreshold, type Thresholds, type Variant } from '@tagmill/core';
import { architecture } from '@tagmill/mobilenet';
import { NO_RULES } from '@tagmill/rules';
import { randomModel } from '../../../test/helpers/random-model.ts';
import { makeTaggedRecord, makeUntaggedRecord, SessionPool, Tagger } from '../src/index.ts';
import { quadrants } from './pictures.ts';

const layers = architecture({ network: 'mobilenet-v1', alpha: 0.25, resolution: 32, classes: 2 });
const model = randomModel(layers);
const variant: Variant = {
  variant: 'test/0.25-64',
  family: 'test',
  network: 'mobilenet-v1',
  alpha: 0.25,
  resolution: 64,
  precision: 'float32',
  sha256: 'a'.repeat(64),
  file: '',
  labels: 'test',
  preprocessing: { inputSize: 32, fit: 'centre-crop', centralFraction: 1 },
  multAdds: 1,
  parameters: 1,
  sizeBytes: 1,
  source: 'random',
  licence: 'none',
};
const labels = async () => [
  { index: 0, name: 'cat', synonyms: [], parents: ['animal'] },
  { index: 1, name: 'dog', synonyms: [], parents: ['animal'] },
];
const name = { path: 'picture.jpg' };
const now = new Date('2026-01-02T03:04:05Z');

describe('the tagger', () => {
  const tagger = new Tagger({ onnx: async () => model, labels });
  let jpeg: Buffer;
  beforeAll(async () => {
    jpeg = await quadrants().jpeg().toBuffer();
  });
  afterAll(() => tagger.close());

  test('makes a whole record of an image', async () => {
    const record = makeTaggedRecord(name, await tagger.tag(jpeg, variant), now);
    expect(record).toMatchObject({
      schemaVersion: 1,
      image: { path: 'picture.jpg', width: 64, height: 48, format: 'jpeg', bytes: jpeg.length },
      outcome: 'tagged',
      model: { variant: 'test/0.25-64', sha256: 'a'.repeat(64) },
      taggedAt: '2026-01-02T03:04:05.000Z',
    });
    expect(record.image).not.toHaveProperty('encoding');
    expect(record.broader).toEqual([{ name: 'animal', confidence: 1 }]);
    const { decodeMs, inferMs, totalMs } = record.timings!;
    expect(totalMs).toBeGreaterThanOrEqual(decodeMs + inferMs - 0.02);
  });

  test('makes fingerprints if it is told to, with embeddings of the variants that the space holds', async () => {
    const embedder = {
      id: 'test-4-abc',
      holds: ({ variant: name }: Variant) => name === variant.variant,
      embed: (_: Variant, features: Float32Array) => new Float32Array(features.subarray(0, 4).length).fill(0.5),
    };
    const printing = new Tagger({ onnx: async () => model, labels, fingerprints: { embedder } });
    const { fingerprint } = await printing.tag(jpeg, variant);
    const embedding = Buffer.from([64, 64, 64, 64]).toString('base64');
    expect(fingerprint).toMatchObject({
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
      space: 'test-4-abc',
      embedding,
    });
    const other = await printing.tag(jpeg, { ...variant, variant: 'test/other' });
    expect(other.fingerprint).toEqual({ hash: fingerprint!.hash, sharpness: fingerprint!.sharpness });
    expect(await tagger.tag(jpeg, variant)).not.toHaveProperty('fingerprint');
    expect(makeTaggedRecord(name, other, now)).not.toHaveProperty('fingerprint');
    await printing.close();
  });

  test('calls an image empty where nothing is sure enough', async () => {
    const strict = new Tagger({ onnx: async () => model, labels, minConfidence: 1 });
    expect(await strict.tag(jpeg, variant)).toMatchObject({ outcome: 'empty', tags: [] });
    await strict.close();
  });

  describe('where it was measured when a variant is right', () => {
    const thresholds = (cat: TagThreshold, dog: TagThreshold, animal: TagThreshold): Thresholds => ({
      broader: 'max',
      tags: { cat, dog, animal },
    });
    const always = { shown: 0, sure: 0 };
    const never = { shown: null, sure: null };
    const namesBy = async (minConfidence: MinConfidence, measured: Thresholds | undefined) => {
      const own = new Tagger({ onnx: async () => model, labels, minConfidence, thresholds: async () => measured });
      const { tags, broader, outcome } = await own.tag(jpeg, variant).finally(() => own.close());
      return { outcome, tags: tags.map(({ name }) => name).sort(), broader: broader.map(({ name }) => name) };
    };

    test('shows a tag from its own threshold on, the default one or the sure one', async () => {
      const measured = thresholds({ shown: 0, sure: null }, { shown: null, sure: 0 }, always);
      expect(await namesBy('default', measured)).toMatchObject({ tags: ['cat'], broader: ['animal'] });
      expect(await namesBy('sure', measured)).toMatchObject({ tags: ['dog'], broader: ['animal'] });
    });

    test('says the broader tag where no label below it is worth showing', async () => {
      const measured = thresholds(never, never, always);
      expect(await namesBy('default', measured)).toEqual({ outcome: 'tagged', tags: ['animal'], broader: [] });
    });

    test('says nothing at all where nothing is worth showing', async () => {
      expect(await namesBy('default', thresholds(never, never, never))).toEqual({
        outcome: 'empty',
        tags: [],
        broader: [],
      });
    });

    test('shows all from a number on, whatever the thresholds; 0 is all', async () => {
      const measured = thresholds(never, never, never);
      expect(await namesBy(0, measured)).toMatchObject({ tags: ['cat', 'dog'], broader: ['animal'] });
      expect(await namesBy(1, measured)).toMatchObject({ outcome: 'empty' });
    });

    test('goes by plain numbers where nobody measured it, and refuses to call anything sure', async () => {
      expect(await namesBy('default', undefined)).toEqual(await namesBy(0.1, undefined));
      const sure = new Tagger({ onnx: async () => model, labels, minConfidence: 'sure' });
      for (const refused of [sure.preload(variant), sure.tag(jpeg, variant)]) {
        await expect(refused).rejects.toThrow('Nobody has measured when test/0.25-64 is sure: give a number instead');
      }
      expect(() => sure.assertMeasured(variant)).toThrow('Nobody has measured');
      expect(() => sure.assertMeasured({ ...variant, thresholds: 'measured.json' })).not.toThrow();
      await sure.close();
    });

    test('refuses thresholds that a label is missing in', async () => {
      const { tags } = thresholds(always, always, always);
      const { dog: _, ...others } = tags;
      await expect(namesBy('default', { broader: 'max', tags: others })).rejects.toMatchObject({
        code: 'invalid-catalogue',
        message: 'test/0.25-64 has no threshold for "dog"',
      });
    });

    test('names kept scores anew by the thresholds of the variant that they are of, and not if that is gone', async () => {
      const measured = new Map([['test/0.25-64', thresholds(always, never, never)]]);
      const own = new Tagger({
        onnx: async () => model,
        labels,
        thresholds: async (name) => {
          if (measured.has(name)) return measured.get(name)!;
          throw new TagmillError('unknown-variant', name);
        },
      });
      const { scores, tags } = await own.tag(jpeg, variant);
      expect(scores).toMatchObject({ variant: 'test/0.25-64', minConfidence: 'default' });
      expect((await own.rename(scores, NO_RULES))?.tags).toEqual(tags);
      const loose = { minConfidence: 0, minBroaderConfidence: 0, tags: {} };
      expect((await own.rename(scores, loose))?.tags.map(({ name }) => name).sort()).toEqual(['cat', 'dog']);
      expect(await own.rename({ ...scores, variant: 'test/1.0-64' }, NO_RULES)).toBeUndefined();
      // As it was kept before variants had thresholds.
      const { variant: _, ...before } = { ...scores, minConfidence: 0.1, minBroaderConfidence: 0.3 };
      expect((await own.rename(before, NO_RULES))?.outcome).toBe('tagged');
      await own.close();
    });
  });

  test('makes a record of an image that it refused, with the facts known by then', async () => {
    const error = await tagger.tag(Buffer.from('BM'), variant).catch((thrown) => thrown);
    expect(makeUntaggedRecord(name, error, now)).toMatchObject({
      outcome: 'rejected',
      reason: 'unsupported-format',
      image: { path: 'picture.jpg', bytes: 2 },
      tags: [],
    });
  });

  test.each([
    ['an image', () => jpeg],
    ['one that is cut off', () => jpeg.subarray(0, -20)],
    ['no image', () => Buffer.from('BM')],
  ])('says the same in a process of its own: %s', async (_, bytes) => {
    const outcomeOf = async (isolation: { isIsolated?: boolean }) => {
      const error = (thrown: { code: string; message: string; facts: object }) => thrown;
      const { timings: _, ...said } = await tagger
        .tag(bytes(), variant, isolation)
        .catch(error)
        .then((each) => ({ timings: 0, ...each }));
      return 'code' in said ? [said.code, said.message, said.facts] : said;
    };
    expect(await outcomeOf({ isIsolated: true })).toEqual(await outcomeOf({}));
  });

  test('keeps what the header said of an image that turns out to be cut off', async () => {
    const error = await tagger.tag(jpeg.subarray(0, -20), variant).catch((thrown) => thrown);
    const record = makeUntaggedRecord(name, error, now);
    expect(record).toMatchObject({
      outcome: 'rejected',
      reason: 'corrupt',
      image: { width: 64, height: 48, format: 'jpeg', bytes: jpeg.length - 20, sha256: expect.any(String) },
    });
    expect(record.image).not.toHaveProperty('encoding');
  });

  test('calls it a failure, not a rejection, when the fault is not the image’s', () => {
    expect(makeUntaggedRecord(name, new Error('out of disk'), now)).toMatchObject({
      outcome: 'failed',
      reason: 'internal',
    });
    const unreadable = new TagmillError('unreadable', 'permission denied');
    expect(makeUntaggedRecord(name, unreadable, now)).toMatchObject({ outcome: 'failed', reason: 'unreadable' });
  });
});

describe('a session', () => {
  test('is made once for all who ask at the same time', async () => {
    let made = 0;
    const pool = new SessionPool({
      onnx: async () => {
        made++;
        return model;
      },
    });
    await Promise.all(Array.from({ length: 5 }, () => pool.infer(variant, new Uint8Array(32 * 32 * 3))));
    expect(made).toBe(1);
    await pool.close();
  });

  test('that failed is tried again', async () => {
    const models = [new Uint8Array([1, 2, 3]), model];
    const pool = new SessionPool({ onnx: async () => models.shift()! });
    await expect(pool.preload(variant)).rejects.toMatchObject({ code: 'invalid-model' });
    await pool.preload(variant);
    await pool.close();
  });
});
