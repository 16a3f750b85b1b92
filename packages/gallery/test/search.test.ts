import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityFaults, describeInChromium, screenshot } from '../../../test/helpers/browser.ts';
import { eventually } from '../../../test/helpers/pipeline-stack.ts';
import { tag } from '../../tag-store/test/records.ts';
import { type GivenPhoto, LOOKS, smallGalleryInChromium } from './small-gallery.ts';

jest.setTimeout(120_000);

const PHOTOS: GivenPhoto[] = [
  { key: '2009/Summer in Italy/IMG_1234.jpg', tags: [tag('dog', 0.8)], takenAt: '2009-07-12T10:00:00' },
  { key: '2009/Winter/IMG_1300.jpg', tags: [tag('cat', 0.9)], takenAt: '2009-12-24T18:00:00' },
  { key: 'racing.jpg', tags: [tag('sports car', 0.7), tag('dog', 0.3)] },
  { key: 'garage.jpg', tags: [tag('sports car', 0.9)] },
  { key: 'both.jpg', tags: [tag('dog', 0.4), tag('cat', 0.6)] },
];

describeInChromium('searching', () => {
  const { gallery, open } = smallGalleryInChromium(PHOTOS);

  describe.each(LOOKS)('at $width pixels, $colorScheme', (look) => {
    let page: Page;
    beforeAll(async () => {
      page = await open(look);
      await page
        .locator('button.tile')
        .nth(PHOTOS.length - 1)
        .waitFor();
    });
    afterAll(() => page.close());

    const files = () => page.locator('button.tile .file').allTextContents();
    /** By keyboard alone: to the box, the words, Enter. */
    const search = async (text: string) => {
      await page.keyboard.press('/');
      await page.keyboard.press('Control+A');
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    };
    const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset.index);

    test('a suggestion of two words is taken by arrow and Enter, and finds what it says', async () => {
      await page.keyboard.press('/');
      // At once: each letter would bring other suggestions, and take the highlight away.
      await page.locator('#search').fill('sports c');
      await page.getByRole('option', { name: /sports car/ }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.locator('[role=option][aria-selected=true]').waitFor();
      await page.keyboard.press('Enter');
      await eventually(files, (names) => names.join() === 'garage.jpg,racing.jpg');
      expect(await page.inputValue('#search')).toBe('"sports car"');
      expect(await page.locator('#search-problem').isVisible()).toBe(false);
      await page.keyboard.press('ArrowDown');
      await eventually(focused, (index) => index === '0');
      await page.keyboard.press('ArrowRight');
      await eventually(focused, (index) => index === '1');
    });

    const questions: [string, string[]][] = [
      ['sports car', ['garage.jpg', 'racing.jpg']],
      ['sports car -dog', ['garage.jpg']],
      ['dog -cat', ['IMG_1234.jpg', 'racing.jpg']],
      ['dog confidence>0.5', ['IMG_1234.jpg']],
      ['2009', ['IMG_1234.jpg', 'IMG_1300.jpg']],
      ['summer 2009', ['IMG_1234.jpg']],
      ['winter 2009', ['IMG_1300.jpg']],
      // A time is shown in its order, the latest first.
      ['taken:2009', ['IMG_1300.jpg', 'IMG_1234.jpg']],
      ['italy', ['IMG_1234.jpg']],
      ['img_1300', ['IMG_1300.jpg']],
      ['-dog', ['IMG_1300.jpg', 'garage.jpg']],
    ];
    // What is found doesn't depend on the look, how it is shown does.
    test.each(look === LOOKS[0] ? questions : questions.slice(4, 7))('%s finds %j', async (text, expected) => {
      await search(text);
      await eventually(files, (names) => names.join() === expected.join());
      expect(await page.locator('#search-problem').isVisible()).toBe(false);
      expect(await page.locator('body').textContent()).not.toMatch(/\bscan/i);
    });

    test('what may be meant is asked for by one press', async () => {
      await search('cta -dog');
      const meant = page.getByRole('button', { name: 'cat', exact: true }).and(page.locator('.hint button'));
      await meant.waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await screenshot(page, `search-${look.colorScheme}-${look.width}`);
      await meant.press('Enter');
      await eventually(files, (names) => names.join() === 'IMG_1300.jpg');
      expect(await page.inputValue('#search')).toBe('cat -dog');
    });

    test('the first key of the page leads to the images', async () => {
      await page.goto(gallery().url);
      await page.locator('button.tile').first().waitFor();
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement!.textContent)).toBe('Skip to images');
      await page.keyboard.press('Enter');
      await eventually(focused, (index) => index === '0');
    });
  });
});
