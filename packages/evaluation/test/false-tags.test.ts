import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Tagger } from '@tagmill/tagger';
import { loadCatalogue } from '@tagmill/variants';
import { ROOT } from '../../../test/helpers/command.ts';
import { makePhotos } from '../../../test/helpers/photos.ts';
import { falseTags, filesWithoutLabels } from '../src/false-tags.ts';

const catalogue = await loadCatalogue({ directories: [path.join(ROOT, 'models')] });
const labels = await catalogue.labels({ labels: 'everyday' });

describe('false tags', () => {
  const variant = catalogue.find('everyday/0.5-96');
  const names = new Set(labels.flatMap(({ name, parents }) => [name, ...parents]));
  const [shown, sure] = [labels[0]!.name, labels[1]!.name];
  const tagger = new Tagger({
    onnx: (each) => catalogue.onnx(each),
    labels: async () => labels,
    // One that is always shown, and another that is always sure.
    thresholds: async () => ({
      broader: 'sum',
      tags: Object.fromEntries(
        [...names].map((name) => [name, { shown: name === shown ? 0 : null, sure: name === sure ? 0 : null }]),
      ),
    }),
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

  test('are counted as they are shown by default, and sure ones apart', async () => {
    const files = await filesWithoutLabels(folder);
    const found = await falseTags(tagger, { variant, isMeasured: true }, files);
    expect(found).toEqual({ images: 3, perImage: 1, share: 1, shareAtHalf: 0, sureShare: 1 });
  });

  test('are not called sure where nobody has measured that', async () => {
    const found = await falseTags(tagger, { variant, isMeasured: false }, await filesWithoutLabels(folder));
    expect(found).not.toHaveProperty('sureShare');
  });

  test('can’t be counted in a folder without images', async () => {
    await expect(filesWithoutLabels(path.join(ROOT, 'docs/operations'))).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });
});
