import fs from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityFaults, describeInChromium, screenshot } from '../../../test/helpers/browser.ts';
import { eventually } from '../../../test/helpers/pipeline-stack.ts';
import { tag } from '../../tag-store/test/records.ts';
import { BUCKET, type GivenPhoto, LOOKS, smallGalleryInChromium } from './small-gallery.ts';

jest.setTimeout(120_000);

const PHOTOS: GivenPhoto[] = [
  ...Array.from({ length: 8 }, (_, i) => ({
    key: `honey/${i}.jpg`,
    tags: [tag('bee', 0.48, 'insect', 'animal')],
    broader: [{ name: 'insect', confidence: 0.52 }],
  })),
  { key: 'broken.jpg', tags: [], outcome: 'rejected' },
];

describeInChromium('several images at once', () => {
  const { gallery, open } = smallGalleryInChromium(PHOTOS);

  const record = (key: string) => gallery().store.readRecord({ bucket: BUCKET, key });
  const tagsOf = async (key: string) => (await record(key))!.tags.map(({ name }) => name);

  describe.each(LOOKS)('at $width pixels, $colorScheme', (look) => {
    let page: Page;
    beforeEach(async () => {
      page = await open(look);
      await page
        .locator('button.tile')
        .nth(PHOTOS.length - 1)
        .waitFor();
      await page.locator('button.tile').first().focus();
    });
    afterEach(() => page.close());

    const selected = () => page.locator('.selected').textContent();
    const isSelected = (text: string) => eventually(selected, (found) => found === text);
    const deed = () => page.locator('.deed p');
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };

    test('are selected, renamed and given back by keyboard alone', async () => {
      await press('Space', 'ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight');
      await isSelected('4 selected');
      await press('t');
      await page.keyboard.type('bee');
      await press('Tab', 'Tab', 'Enter');
      await deed().getByText('Removed bee from 4 images').waitFor();
      expect(await tagsOf('honey/0.jpg')).toEqual([]);
      expect((await record('honey/3.jpg'))!.broader).toEqual([]);
      expect(await tagsOf('honey/4.jpg')).toEqual(['bee']);
      expect(await accessibilityFaults(page)).toEqual([]);
      await screenshot(page, `bulk-${look.colorScheme}-${look.width}`);

      await press('Shift+Tab', 'Shift+Tab');
      await page.keyboard.type('hoverfly');
      await press('Enter');
      await deed().getByText('Added hoverfly to 4 images').waitFor();
      expect(await tagsOf('honey/2.jpg')).toEqual(['hoverfly']);
      await page.locator('.deed').getByRole('button', { name: 'Undo' }).press('Enter');
      await deed().getByText('Taken back: 4 images').waitFor();
      expect(await tagsOf('honey/2.jpg')).toEqual([]);

      await page.locator('#bulk-tag').focus();
      await page.keyboard.type('bee');
      await press('Tab', 'Tab', 'Tab', 'Enter');
      await deed().getByText('Forgot what was said of bee on 4 images').waitFor();
      expect(await record('honey/2.jpg')).toMatchObject({
        tags: [{ name: 'bee' }],
        broader: [{ name: 'insect', confidence: 0.52 }],
      });
      await press('Escape');
      await page.locator('.selection').waitFor({ state: 'detached' });
    });

    test('are deleted after a while, in which that can be taken back', async () => {
      await press('Control+a');
      await isSelected('9 selected');
      await press('Delete');
      await page.getByText('Deleting 9 images').waitFor();
      await eventually(
        () => page.locator('button.tile').count(),
        (count) => count === 0,
      );
      await press('Control+z');
      await page.locator('button.tile').nth(8).waitFor();
      expect(await gallery().stack.objects.exists({ bucket: BUCKET, key: 'honey/0.jpg' })).toBe(true);
    });
  });

  describe('with a mouse', () => {
    let page: Page;
    beforeEach(async () => {
      page = await open(LOOKS[0]);
      await page
        .locator('button.tile')
        .nth(PHOTOS.length - 1)
        .waitFor();
    });
    afterEach(() => page.close());

    test('are selected by their boxes, by Control and by Shift, and let go', async () => {
      await page.getByRole('checkbox', { name: 'Select 1.jpg' }).check();
      await page.locator('[data-index="3"]').click({ modifiers: ['Shift'] });
      await page.locator('[data-index="6"]').click({ modifiers: ['Control'] });
      await page.getByText('4 selected').waitFor();
      expect(await page.locator('.record').count()).toBe(0);
      await page.locator('[data-index="6"]').click({ modifiers: ['Control'] });
      await page.getByText('3 selected').waitFor();
      await page.getByRole('button', { name: 'Clear' }).click();
      await page.locator('.selection').waitFor({ state: 'detached' });
    });

    test('are downloaded: one as it is, several in an archive', async () => {
      const download = async () => {
        const [started] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('button', { name: 'Download' }).click(),
        ]);
        return { name: started.suggestedFilename(), bytes: await fs.readFile(await started.path()) };
      };
      await page.getByRole('checkbox', { name: 'Select 1.jpg' }).check();
      const one = await download();
      const stored = await (await gallery().stack.objects.open({ bucket: BUCKET, key: 'honey/1.jpg' }))!.read();
      expect(one).toEqual({ name: '1.jpg', bytes: Buffer.from(stored) });
      await page.getByRole('checkbox', { name: 'Select 2.jpg' }).check();
      const several = await download();
      expect(several.name).toBe('photos.zip');
      expect(several.bytes.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
      expect(several.bytes.includes('honey/1.jpg') && several.bytes.includes('honey/2.jpg')).toBe(true);
      expect(several.bytes.includes(Buffer.from(stored))).toBe(true);
    });

    test('are tried again', async () => {
      await page.getByRole('checkbox', { name: 'Select broken.jpg' }).check();
      await page.getByRole('button', { name: 'Retry' }).click();
      await page.getByText('Trying again: 1 image').waitFor();
      const bodies = await gallery().aws.messages('backfill');
      expect(bodies.map((body) => JSON.parse(body).key)).toEqual(['broken.jpg']);
    });

    test('keep what was typed when the server is away, and say so in words', async () => {
      await page.getByRole('checkbox', { name: 'Select 1.jpg' }).check();
      await page.route('**/corrections', (route) => route.abort());
      await page.fill('#bulk-tag', 'hoverfly');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByText('1 not: The gallery’s server doesn’t answer').waitFor();
      expect(await page.inputValue('#bulk-tag')).toBe('hoverfly');
      expect(await page.locator('body').textContent()).not.toContain('Failed to fetch');
      await page.unroute('**/corrections');
      await page.keyboard.press('Enter');
      await page.getByText('Added hoverfly to 1 image').waitFor();
      await page.keyboard.press('Escape');
    });

    test('are gone from the bucket when nobody took it back', async () => {
      await page.getByRole('checkbox', { name: 'Select 7.jpg' }).check();
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByText('Deleting 1 image').waitFor();
      const exists = () => gallery().stack.objects.exists({ bucket: BUCKET, key: 'honey/7.jpg' });
      expect(await exists()).toBe(true);
      await page.getByText('Deleted 1 image').waitFor();
      expect(await exists()).toBe(false);
    });
  });
});
