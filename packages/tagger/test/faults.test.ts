import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Variant } from '@tagmill/core';
import { loadCatalogue } from '@tagmill/variants';
import { Tagger } from '../src/index.ts';
import { codedColours, withProperty } from './formats/heif-writer.ts';

jest.setTimeout(60_000);

const ROOT = path.join(import.meta.dirname, '../../..');
const folder = path.join(ROOT, '../shared/faults/images');
const withFaults = fs.existsSync(folder) ? describe : describe.skip;
const read = (name: string) => fs.readFileSync(path.join(folder, name));

/** The file that is the same picture, plainly stored. */
const SAME: readonly (readonly [file: string, plain: string])[] = [
  ['parrot-avif-pq.avif', 'parrot-plain.png'],
  ['parrot-png-cicp-pq.png', 'parrot-plain.png'],
  ['parrot-avif-hlg.avif', 'parrot-plain.png'],
  ['parrot-heic-display-p3.heic', 'parrot-plain.png'],
  ['parrot-avif-p3-nclx.avif', 'parrot-plain.png'],
  ['cat-heic-cropped-clap.heic', 'cat-plain.png'],
  ['cat-tiff-grey-float01.tif', 'cat-plain-grey.png'],
  ['cat-tiff-grey-u32.tif', 'cat-plain-grey.png'],
  ['cat-tiff-rgb-float-0-255.tif', 'cat-plain.png'],
  ['cat-tiff-rgb-extra0.tif', 'cat-plain.png'],
  ['cat-tiff-five-bands.tif', 'cat-plain.png'],
  ['cat-tiff-lab8.tif', 'cat-plain.png'],
  ['cat-tiff-dated.tif', 'cat-plain.png'],
  ['cat-jpeg-no-eoi.jpg', 'cat-plain.png'],
  ['cat-DSC0001.HIF', 'cat-plain.png'],
  ['sun-gif-frame-offset.gif', 'sun-gif-frame-offset-expected.png'],
];

/** How far confidences may be from the plain picture's. */
const NEAR = 0.05;

withFaults('files that were tagged wrongly (needs ../shared)', () => {
  let tagger: Tagger;
  let variant: Variant;
  beforeAll(async () => {
    const catalogue = await loadCatalogue({ directories: [path.join(ROOT, 'models')] });
    [variant] = catalogue.family('everyday') as [Variant];
    tagger = new Tagger({
      onnx: (each) => catalogue.onnx(each),
      labels: (each) => catalogue.labels(each),
      topN: 10_000,
      minConfidence: 0,
    });
  });
  afterAll(() => tagger.close());

  const confidences = async (image: string | Buffer) =>
    new Map(
      (await tagger.tag(typeof image === 'string' ? read(image) : image, variant)).tags.map((tag) => [
        tag.name,
        tag.confidence,
      ]),
    );

  test.each(SAME)('%s is tagged as %s', async (file, plain) => {
    const [seen, expected] = [await confidences(file), await confidences(plain)];
    expect(seen.size).toBeGreaterThan(10);
    const farthest = Math.max(...[...expected].map(([name, each]) => Math.abs(each - (seen.get(name) ?? 0))));
    expect(farthest).toBeLessThan(NEAR);
  });

  test('parrot-heic-pq.heic is, too, once it has the nclx that it lacks: neither a box nor its HEVC tells its colours', async () => {
    const told = withProperty(read('parrot-heic-pq.heic'), 'colr', codedColours(9, 16));
    const [seen, expected] = [await confidences(told), await confidences('parrot-plain.png')];
    const farthest = Math.max(...[...expected].map(([name, each]) => Math.abs(each - (seen.get(name) ?? 0))));
    expect(farthest).toBeLessThan(NEAR);
  });

  test('a TIFF compressed by ZSTD is refused by name', async () => {
    await expect(tagger.tag(read('cat-tiff-zstd.tif'), variant)).rejects.toMatchObject({
      code: 'unsupported-format',
      message: expect.stringContaining('ZSTD'),
    });
  });

  test('the picture behind a thumbnail is the one that is tagged', async () => {
    const { image } = await tagger.tag(read('sun-tiff-thumbnail-first.tif'), variant);
    expect(image).toMatchObject({ width: 256, height: 170 });
  });

  test('a TIFF’s time of capture is read', async () => {
    const { image } = await tagger.tag(read('cat-tiff-dated.tif'), variant);
    expect(image.takenAt).toBe('2021-06-10T12:30:00');
  });
});
