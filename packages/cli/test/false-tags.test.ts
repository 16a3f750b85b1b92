import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Tagger } from '@tagmill/tagger';
import { loadCatalogue } from '@tagmill/variants';
import { ROOT } from '../../../test/helpers/command.ts';
import { makePhotos } from '../../../test/helpers/photos.ts';
import { falseTags, filesWithoutLabels } from '../src/evaluation/false-tags.ts';

const catalogue = await loadCatalogue({ directories: [path.join(ROOT, 'models')] });

describe('false tags', () => {
  const variant = catalogue.find('everyday/0.25-64');
  // All that the network says, so that how many tags there are is known.
  const tagger = new Tagger({
    onnx: (each) => catalogue.onnx(each),
    labels: (each) => catalogue.labels(each),
    topN: 200,
    minConfidence: 0,
  });
  let folder: string;

  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'false-tags-'));
    const photos = await makePhotos(3, 1);
    await Promise.all(photos.map((photo, i) => fs.writeFile(path.join(folder, `${i}.jpg`), photo)));
  });
  afterAll(async () => {
    await tagger.close();
    await fs.rm(folder, { recursive: true });
  });

  test.each([
    [0, 1],
    [1, 0],
  ])('are sure ones from the variant’s own threshold on: %d', async (sureFrom, sureShare) => {
    const files = await filesWithoutLabels(folder);
    const found = await falseTags(tagger, { ...variant, sureFrom }, files);
    expect(found).toEqual({ images: 3, perImage: 200, share: 1, sureShare });
  });

  test('are not called sure where the variant has no threshold', async () => {
    const { sureFrom: _, ...without } = variant;
    expect(await falseTags(tagger, without, await filesWithoutLabels(folder))).not.toHaveProperty('sureShare');
  });

  test('can’t be counted in a folder without images', async () => {
    await expect(filesWithoutLabels(path.join(ROOT, 'docs/operations'))).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });
});
