import fs from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { accessibilityFaults, describeInChromium, screenshot } from '../../../test/helpers/browser.ts';
import { samplePhotos } from '../../../test/helpers/photos.ts';
import { eventually } from '../../../test/helpers/pipeline-stack.ts';
import { tag } from '../../tag-store/test/records.ts';
import { BUCKET, type GivenPhoto, LOOKS, smallGalleryInChromium } from './small-gallery.ts';

jest.setTimeout(180_000);

const [flower, mountain, cat] = (await samplePhotos()) as [Buffer, Buffer, Buffer];
const photo = (key: string, file: Buffer, name = 'thing'): GivenPhoto => ({ key, file, tags: [tag(name, 0.8)] });

const PHOTOS: GivenPhoto[] = [
  photo('2009/flower-small.jpg', await sharp(flower).resize(200).jpeg({ quality: 60 }).toBuffer(), 'flower'),
  photo('2009/flower.jpg', flower, 'flower'),
  photo('web/flower-turned.jpg', await sharp(flower).rotate(90).resize(160).greyscale().jpeg().toBuffer(), 'flower'),
  photo('2009/mountain.jpg', mountain, 'mountain'),
  photo('mountain-recompressed.jpg', await sharp(mountain).jpeg({ quality: 30 }).toBuffer(), 'mountain'),
  photo('cat.jpg', cat, 'cat'),
  { key: 'before-fingerprints.jpg', tags: [tag('dog', 0.5)] },
];

describeInChromium('duplicates', () => {
  const { gallery, open } = smallGalleryInChromium(PHOTOS);
  let page: Page;
  afterEach(() => page.close());

  const tile = (index: number) => page.locator(`[data-index="${index}"]`);
  const group = (number: number) => page.getByRole('list', { name: `Group ${number}` });
  const keysOf = (number: number) => group(number).locator('.file[title]').allTextContents();
  const headline = () => page.locator('.headline p').textContent();
  const exists = (key: string) => gallery().stack.objects.exists({ bucket: BUCKET, key });
  const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset.index);
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };

  describe.each(LOOKS)('at $width pixels, $colorScheme', (look) => {
    beforeEach(async () => {
      page = await open(look);
      await tile(PHOTOS.length - 1).waitFor();
    });

    test('stand side by side, the one to keep first, and the others are selected and deleted by keyboard alone', async () => {
      await page.getByRole('button', { name: 'Find duplicates' }).press('Enter');
      await group(1).waitFor();
      expect(await headline()).toBe('2 groups · 3 could go · 6 images compared');
      expect(await keysOf(1)).toEqual(['2009/flower.jpg', '2009/flower-small.jpg', 'web/flower-turned.jpg']);
      expect((await keysOf(2))[1]).toBe('mountain-recompressed.jpg');
      await page.getByText('Keep flower.jpg: it has the most pixels').waitFor();
      await page.getByText('1 image has no fingerprint').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);

      await press('Tab', 'Tab', 'Tab');
      await page.getByRole('button', { name: 'Select the other 2 of group 1' }).focus();
      await press('Enter');
      await page.getByText('2 selected').waitFor();
      await tile(0).focus();
      await press('ArrowDown');
      await eventually(focused, (index) => index === '3');
      await press('ArrowRight', 'Space');
      await page.getByText('3 selected').waitFor();
      await press('ArrowLeft', 'Space');
      await page.getByText('All are selected: none would stay.').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await press('Space', 'Escape');
      await press('Control+a');
      await page.getByText('3 selected').waitFor();
      await eventually(
        () => page.locator('.copies img').evaluateAll((images) => images.every((image: any) => image.naturalWidth > 0)),
        (areThere) => areThere,
      );
      await screenshot(page, `duplicates-${look.colorScheme}-${look.width}`);
      await press('Delete');
      await page.getByText('Deleting 3 images').waitFor();
      await page.getByText('No two images show the same picture.').waitFor();
      await press('Control+z');
      await group(2).waitFor();
      expect(await exists('web/flower-turned.jpg')).toBe(true);
    });

    test('are a place of the browser’s history, and so are their photos', async () => {
      await page.getByRole('button', { name: 'Find duplicates' }).click();
      await group(1).waitFor();
      await page.waitForURL((url) => url.search === '?show=duplicates');
      await tile(1).click();
      const record = page.getByRole('complementary', { name: 'Record' });
      await record.getByRole('heading', { name: 'flower-small.jpg' }).waitFor();
      await press('ArrowRight');
      await record.getByRole('heading', { name: 'flower-turned.jpg' }).waitFor();
      await press('Escape');
      await eventually(focused, (index) => index === '2');
      await page.goBack();
      await page.locator('.grid').waitFor();
      expect(await page.locator('.copies').count()).toBe(0);
      await page.goForward();
      await group(1).waitFor();
      await page.reload();
      await group(1).waitFor();
      await page.getByRole('button', { name: 'Back to images' }).click();
      await page.locator('.grid').waitFor();
    });
  });

  describe('with a mouse', () => {
    beforeEach(async () => {
      page = await open(LOOKS[0], '?show=duplicates');
      await group(1).waitFor();
    });

    test('are looked for in what was asked for alone', async () => {
      await page.goto(`${gallery().url}?q=folder%3A2009&show=duplicates`);
      await page.getByRole('heading', { name: 'Duplicates in folder:2009' }).waitFor();
      await group(1).waitFor();
      expect(await keysOf(1)).toEqual(['2009/flower.jpg', '2009/flower-small.jpg']);
      expect(await headline()).toBe('1 group · 1 could go · 3 images compared');
    });

    test('are listed in a CSV file as the command lists them', async () => {
      const [started] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Export CSV' }).click(),
      ]);
      expect(started.suggestedFilename()).toBe('duplicates.csv');
      const rows = parse(await fs.readFile(await started.path()), { columns: true }) as Record<string, string>[];
      expect(rows.map(({ group, image, keep, why }) => [group, image, keep, why]).slice(0, 3)).toEqual([
        ['1', 'photos/2009/flower.jpg', 'yes', 'largest'],
        ['1', 'photos/2009/flower-small.jpg', 'no', ''],
        ['1', 'photos/web/flower-turned.jpg', 'no', ''],
      ]);
      expect(rows).toHaveLength(5);
      expect(Number(rows[1]!.distance)).toBeLessThanOrEqual(8);
    });

    test('that can’t be looked for say why', async () => {
      await page.goto(`${gallery().url}?q=taken%3A2009-13&show=duplicates`);
      await page.getByRole('alert').getByText('2009-13 is no date').first().waitFor();
    });

    test('name another one to keep when the first is deleted', async () => {
      await page.getByRole('checkbox', { name: 'Select flower.jpg' }).check();
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByText('Keep flower-small.jpg').waitFor();
      await page.getByText('Deleted 1 image').waitFor();
      expect(await exists('2009/flower.jpg')).toBe(false);
      expect(await exists('2009/flower-small.jpg')).toBe(true);
    });
  });
});
