import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityFaults, describeInChromium, screenshot } from '../../../test/helpers/browser.ts';
import { eventually } from '../../../test/helpers/pipeline-stack.ts';
import { tag } from '../../tag-store/test/records.ts';
import { BUCKET, type GivenPhoto, LOOKS, photoFile, smallGalleryInChromium } from './small-gallery.ts';

jest.setTimeout(180_000);

const PHOTOS: GivenPhoto[] = [
  { key: 'first.jpg', tags: [tag('dog', 0.8)], side: 1600 },
  { key: 'second.jpg', tags: [tag('cat', 0.9)] },
  ...Array.from({ length: 60 }, (_, i) => ({ key: `${i}.jpg`, tags: [tag('dog', 0.5)] })),
];

describeInChromium('a photo', () => {
  const { gallery, open } = smallGalleryInChromium(PHOTOS);
  let page: Page;
  afterEach(() => page.close());

  const tile = (index: number) => page.locator(`[data-index="${index}"]`);
  const record = () => page.getByRole('complementary', { name: 'Record' });
  const viewer = () => page.locator('dialog.viewer');
  const isGone = (locator: ReturnType<typeof viewer>) => locator.waitFor({ state: 'detached' });
  const scale = () => page.locator('.full').evaluate((image) => new DOMMatrix(getComputedStyle(image).transform).a);
  const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset.index);

  describe.each(LOOKS)('at $width pixels, $colorScheme', (look) => {
    beforeEach(async () => {
      page = await open(look);
      await tile(1).waitFor();
    });

    test('fills the window, is zoomed, gives way to the next, and closes step by step, by keyboard alone', async () => {
      await tile(0).focus();
      await page.keyboard.press('Enter');
      await record().waitFor();
      await eventually(
        () => page.evaluate(() => document.activeElement!.className),
        (name) => name === 'record',
      );
      await page.keyboard.press('Enter');
      await viewer().getByRole('heading', { name: 'first.jpg' }).waitFor();
      await page.locator('.full').evaluate((image: any) => image.decode());
      // Larger than beside the record: what was stored has 1,600 pixels.
      expect(await page.locator('.full').evaluate((image: any) => image.naturalWidth)).toBe(1600);
      expect(await accessibilityFaults(page)).toEqual([]);
      await screenshot(page, `viewer-${look.colorScheme}-${look.width}`);
      await page.keyboard.press('+');
      await eventually(scale, (now) => now > 1.2);
      await page.keyboard.press('0');
      await eventually(scale, (now) => now === 1);
      await page.keyboard.press('ArrowRight');
      await viewer().getByRole('heading', { name: 'second.jpg' }).waitFor();
      await page.keyboard.press('Escape');
      await isGone(viewer());
      await record().getByRole('heading', { name: 'second.jpg' }).waitFor();
      await page.keyboard.press('Escape');
      await isGone(record());
      await eventually(focused, (index) => index === '1');
      await page.waitForURL((url) => url.search === '');
    });

    test('is closed by the browser’s way back, which stays on the site and where the list was', async () => {
      await page.locator('.list').evaluate((list) => {
        list.scrollTop = 900;
      });
      await eventually(
        () => tile(12).count(),
        (count) => count === 1,
      );
      await tile(12).scrollIntoViewIfNeeded();
      const before = await page.locator('.list').evaluate(({ scrollTop }) => scrollTop);
      await tile(12).click();
      await record().waitFor();
      await record()
        .getByRole('button', { name: /^Enlarge/ })
        .click();
      await viewer().waitFor();
      await page.goBack();
      await isGone(viewer());
      await record().waitFor();
      await page.goBack();
      await isGone(record());
      await page.waitForURL(gallery().url);
      expect(await page.locator('.list').evaluate(({ scrollTop }) => scrollTop)).toBeCloseTo(before, -2);
    });

    test('that was removed says so where a link leads to it', async () => {
      await page.goto(`${gallery().url}?bucket=${BUCKET}&key=${encodeURIComponent('gone/away.jpg')}`);
      await page.getByText('This photo isn’t here').waitFor();
      await page.getByText('gone/away.jpg').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Close' }).press('Enter');
      await isGone(record());
      await page.waitForURL((url) => url.search === '');
    });

    test('that failed to be sent is sent again by one press', async () => {
      const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'tagmill-look-'));
      await page.route('**/uploads?*', (route) => route.abort());
      await page.setInputFiles('.add input', await photoFile(folder, `new-${look.width}-${look.colorScheme}.jpg`));
      await page.getByText('The gallery’s server doesn’t answer').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.unroute('**/uploads?*');
      await page.getByRole('button', { name: 'Send 1 again' }).press('Enter');
      await page.getByText('In the queue').waitFor();
      await fs.rm(folder, { recursive: true });
    });
  });

  test('is zoomed by wheel and double click', async () => {
    page = await open(LOOKS[0], '?bucket=photos&key=first.jpg&view=full');
    await page.locator('.full').hover();
    await page.mouse.wheel(0, -300);
    await eventually(scale, (now) => now > 1.1);
    await page.locator('.full').dblclick();
    await eventually(scale, (now) => now === 1);
  });

  test('that is new is offered in view, however far the list is scrolled', async () => {
    page = await open(LOOKS[0]);
    await tile(0).waitFor();
    await page.getByText(/^\d+ · newest first/).waitFor();
    await page.locator('.list').evaluate((list) => {
      list.scrollTop = 1500;
    });
    await gallery().add({ key: 'brand-new.jpg', tags: [tag('dog', 0.9)] }, -5);
    gallery().aws.sendMessage('live', 'moved');
    const news = page.getByRole('button', { name: 'Show new images' });
    await news.waitFor({ timeout: 30_000 });
    const box = (await news.boundingBox())!;
    expect(box.y).toBeGreaterThan(0);
    expect(box.y + box.height).toBeLessThan(860);
    await news.click();
    await page.locator('[data-index="0"]', { hasText: 'brand-new.jpg' }).waitFor();
  });
});
