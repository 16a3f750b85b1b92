import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Fingerprint } from '@tagmill/core';
import type { Page } from 'playwright-core';
import { accessibilityFaults, describeInChromium, screenshot } from '../../../test/helpers/browser.ts';
import { eventually } from '../../../test/helpers/pipeline-stack.ts';
import { tag } from '../../tag-store/test/records.ts';
import { BUCKET, type GivenPhoto, LOOKS, smallGalleryInChromium } from './small-gallery.ts';

jest.setTimeout(180_000);

function print(...embedding: number[]): Fingerprint {
  const packed = Buffer.from(Int8Array.from(embedding)).toString('base64');
  return { hash: '123456789abcdef0', sharpness: 9, space: 'made-3-abc', embedding: packed };
}

const PHOTOS: GivenPhoto[] = [
  { key: 'far.jpg', tags: [tag('cat', 0.8)], fingerprint: print(0, 100, 10) },
  { key: 'it.jpg', tags: [tag('dog', 0.7)], fingerprint: print(100, 0, 0) },
  { key: 'near.jpg', tags: [tag('dog', 0.9)], fingerprint: print(100, 40, 0) },
  { key: 'nearest.jpg', tags: [], fingerprint: print(100, 1, 0) },
  { key: 'without.jpg', tags: [tag('cat', 0.6)] },
  { key: 'bad.jpg', tags: [], outcome: 'rejected' },
];

describeInChromium('photos that look like one', () => {
  const { gallery, open } = smallGalleryInChromium(PHOTOS);
  let page: Page;

  const names = () => page.locator('button.tile .file').allTextContents();
  const shows = (expected: string) => eventually(names, (shown) => shown.join() === expected, 10_000);
  const findSimilar = () => page.getByRole('button', { name: 'Find similar' });

  describe.each(LOOKS)('at $width pixels, $colorScheme', (look) => {
    beforeEach(async () => {
      page = await open(look);
      await page.locator('button.tile', { hasText: 'it.jpg' }).waitFor();
    });
    afterEach(() => page.close());

    test('are listed in its place, the most alike first, by keyboard; the way back leads to it', async () => {
      await page.locator('button.tile', { hasText: 'it.jpg' }).press('Enter');
      await findSimilar().waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await screenshot(page, `similar-button-${look.width}-${look.colorScheme}`);
      await findSimilar().press('Enter');
      await shows('nearest.jpg,near.jpg,far.jpg');
      expect(await page.locator('h1').textContent()).toBe('Like it.jpg');
      expect(await page.locator('.headline p').textContent()).toBe('3 · most alike first');
      expect(await page.locator('button.tile .confidence').allTextContents()).toEqual(['1.00', '0.93', '0.00']);
      expect(await accessibilityFaults(page)).toEqual([]);
      await screenshot(page, `similar-${look.width}-${look.colorScheme}`);
      await page.locator('button.tile[data-index="0"]:focus').waitFor();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await eventually(
        () => page.locator('.record h2').textContent(),
        (name) => name === 'near.jpg',
        10_000,
      );
      await page.keyboard.press('Escape');
      await page.locator('.record').waitFor({ state: 'detached' });
      await page.goBack();
      await eventually(
        () => page.locator('.record h2').textContent(),
        (name) => name === 'it.jpg',
        10_000,
      );
      await shows(PHOTOS.map(({ key }) => key).join());
    });
  });

  describe('have an address, which', () => {
    const at = (key: string) => `?${new URLSearchParams({ like: `${BUCKET}/${key}` })}`;
    afterEach(() => page.close());

    test('leads to them', async () => {
      page = await open(LOOKS[0], at('near.jpg'));
      await shows('nearest.jpg,it.jpg,far.jpg');
    });

    test.each([
      ['without.jpg', 'only variants of everyday make them'],
      ['none.jpg', 'No record of none.jpg in photos'],
    ])('says why there are none: %s', async (key, why) => {
      page = await open(LOOKS[0], at(key));
      await page.locator('#search-problem', { hasText: why }).waitFor();
    });

    test('shows no photo that was removed meanwhile', async () => {
      page = await open(LOOKS[0], at('near.jpg'));
      await shows('nearest.jpg,it.jpg,far.jpg');
      const { store } = gallery();
      await store.write(await store.read({ bucket: BUCKET, key: 'far.jpg' }), { at: new Date() });
      await page.reload();
      await shows('nearest.jpg,it.jpg');
    });
  });

  test('are not asked for of what could not be tagged', async () => {
    page = await open(LOOKS[0]);
    await page.locator('button.tile', { hasText: 'bad.jpg' }).press('Enter');
    await page.getByRole('button', { name: 'Retry' }).waitFor();
    expect(await findSimilar().count()).toBe(0);
    await page.close();
  });
});
