import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityFaults, describeInChromium, screenshot } from '../../../test/helpers/browser.ts';
import { eventually } from '../../../test/helpers/pipeline-stack.ts';
import { tag } from '../../tag-store/test/records.ts';
import { folderOf, folderQuestion, takenIn } from '../page/places.ts';
import { type GivenPhoto, LOOKS, smallGalleryInChromium } from './small-gallery.ts';

jest.setTimeout(180_000);

const PHOTOS: GivenPhoto[] = [
  { key: '2009/Summer in Italy/a.jpg', tags: [tag('dog', 0.8)], takenAt: '2009-06-12T10:00:00' },
  { key: '2009/Summer in Italy/b.jpg', tags: [tag('dog', 0.7)], takenAt: '2009-07-12T10:00:00' },
  { key: '2009/c.jpg', tags: [tag('cat', 0.9)], takenAt: '2009-06-30T10:00:00' },
  { key: 'd.jpg', tags: [tag('cat', 0.6)], takenAt: '2010-01-01T00:00:00' },
];

test.each(['2009', '2009/Summer in Italy', 'a "b" c', 'a\\b c'])(
  'a folder is asked for and known again: %s',
  (folder) => {
    expect(folderOf({ q: folderQuestion(folder) })).toBe(folder);
  },
);

test('only what is about a folder or a time alone is taken for it', () => {
  expect(folderOf({ q: 'dog folder:2009' })).toBeUndefined();
  expect([
    takenIn({ q: 'taken:2009' }),
    takenIn({ q: 'taken:2009-06' }),
    takenIn({ q: 'taken>2009' }),
    takenIn({}),
  ]).toEqual([{ year: '2009', month: undefined }, { year: '2009', month: '06' }, undefined, undefined]);
});

describeInChromium('times and folders', () => {
  const { open } = smallGalleryInChromium(PHOTOS);
  let page: Page;

  describe.each(LOOKS)('at $width pixels, $colorScheme', (look) => {
    beforeEach(async () => {
      page = await open(look);
      await page.locator('[data-facet="taken:2009"]').waitFor();
    });
    afterEach(() => page.close());

    const shows = (expected: string) =>
      eventually(
        () => page.locator('button.tile .file').allTextContents(),
        (names) => names.join() === expected,
        10_000,
      );
    const choose = (question: string) => page.locator(`[data-facet='${question}']`).press('Enter');

    test('lead to the photos of a year and a month, the latest first, by keyboard', async () => {
      await choose('taken:2009');
      await shows('b.jpg,c.jpg,a.jpg');
      await choose('taken:2009-06');
      await shows('c.jpg,a.jpg');
      expect(await page.locator("[data-facet='taken:2009-06'] .count").textContent()).toBe('2');
      expect(await accessibilityFaults(page)).toEqual([]);
      await screenshot(page, `places-${look.colorScheme}-${look.width}`);
      await page.goBack();
      await shows('b.jpg,c.jpg,a.jpg');
    });

    test('lead down into folders, with what is below them, and up again, by keyboard', async () => {
      await choose('folder:2009');
      await shows('a.jpg,b.jpg,c.jpg');
      await choose('folder:"2009/Summer in Italy"');
      await shows('a.jpg,b.jpg');
      await page.getByRole('button', { name: '↑ 2009' }).press('Enter');
      await shows('a.jpg,b.jpg,c.jpg');
      await page.getByRole('button', { name: '↑ All folders' }).press('Enter');
      await shows('a.jpg,b.jpg,c.jpg,d.jpg');
    });
  });
});
