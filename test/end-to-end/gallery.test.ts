import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Gallery, serveGallery } from '@tagmill/gallery';
import { openStack } from '@tagmill/stack-client';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, describeInChromium, dropFiles, launchChromium, screenshot } from '../helpers/browser.ts';
import { makePhotos } from '../helpers/photos.ts';
import { eventually, type Pipeline, startPipeline } from '../helpers/pipeline-stack.ts';

jest.setTimeout(180_000);

/** Photos that come with the project, and their names in the gallery. */
const PHOTOS = [
  'allium-oreophilum',
  'french-alpine-landscape',
  'locomotion-house-cat',
  'march-pastoral',
  'nagasaki-boats',
];
const DATASETS = path.join(import.meta.dirname, '../../node_modules/@stdlib');

describeInChromium('the gallery', () => {
  let folder: string;
  let pipeline: Pipeline;
  let gallery: Gallery;
  let browser: Browser;
  let page: Page;
  let isBroken = true;
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'tagmill-gallery-'));
    const s3 = ({ method, path }: { method: string; path: string }) =>
      isBroken && method === 'GET' && path.endsWith('unlucky.jpg') ? 500 : undefined;
    pipeline = await startPipeline({ stack: { maxReceiveCount: 2 }, faults: { s3 } });
    const { ApiUrl, QueueUrl, BackfillQueueUrl, DeadLetterQueueUrl, UploadBucketName, TableName } = pipeline.outputs;
    const stack = openStack({
      api: ApiUrl!,
      queueUrl: QueueUrl!,
      backfillQueueUrl: BackfillQueueUrl!,
      deadLetterQueueUrl: DeadLetterQueueUrl!,
      uploadBucket: UploadBucketName!,
      table: TableName!,
      endpoints: pipeline.endpoints,
    });
    gallery = await serveGallery({ stack, uploadBucket: pipeline.bucket });
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      // That something isn't there yet, or can't be read, is an answer like any other.
      const isAnswer = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isAnswer) complaints.push(message.text());
    });
    await page.goto(gallery.url);
  });
  afterAll(async () => {
    await browser?.close();
    await gallery?.close();
    await pipeline?.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  const tile = (name: string) => page.locator('button.tile', { hasText: name });
  const facetCount = (facet: string) => page.locator(`[data-facet="${facet}"] .count`);
  const counter = (name: string) => page.locator(`[data-counter="${name}"] dd`);
  const expectText = (locator: ReturnType<typeof counter>, text: string) =>
    eventually(
      () => locator.textContent(),
      (found) => found === text,
      30_000,
    );
  const write = async (name: string, bytes: Uint8Array) => {
    await fs.writeFile(path.join(folder, name), bytes);
    return path.join(folder, name);
  };

  test('says what to do when there is nothing, and has no accessibility fault', async () => {
    await page.getByText('Drop photos here').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('takes photos and folders that are dropped, and shows them arrive and be tagged', async () => {
    const inFolder = path.join(folder, 'holiday/day 1');
    await fs.mkdir(inFolder, { recursive: true });
    await fs.writeFile(path.join(folder, 'holiday/.DS_Store'), 'none of ours');
    await Promise.all(
      PHOTOS.map((name) =>
        fs.copyFile(path.join(DATASETS, `datasets-img-${name}/data/image.jpg`), path.join(inFolder, `${name}.jpg`)),
      ),
    );
    const [photo] = await makePhotos(1, 7);
    const files = [
      path.join(folder, 'holiday'),
      await write('no image.jpg', Buffer.from('no image')),
      await write('unlucky.jpg', photo!),
    ];
    await dropFiles(page, files);
    await page.locator('.upload').first().waitFor();
    for (const name of PHOTOS) await tile(`${name}.jpg`).waitFor({ timeout: 60_000 });
    await tile('no image.jpg').waitFor();
    await tile('unlucky.jpg').waitFor();
    await page.locator('.uploads').waitFor({ state: 'detached' });
    expect(await tile('DS_Store').count()).toBe(0);
    await expectText(page.locator('.unseen[role=status]'), '7 of 7 photos processed');
  });

  test('counts outcomes and queues while they change', async () => {
    await expectText(facetCount('all'), '7');
    await expectText(facetCount('rejected'), '1');
    await expectText(facetCount('failed'), '1');
    await expectText(counter('waiting'), '0');
    await expectText(counter('in flight'), '0');
    await expectText(counter('dead letters'), '1');
  });

  test('shows pictures where there are some', async () => {
    const shown = await page.locator('.tile img').evaluateAll((images) =>
      Promise.all(
        images.map(async (image: any) => {
          await image.decode().catch(() => {});
          return image.naturalWidth > 0;
        }),
      ),
    );
    expect(shown.filter(Boolean)).toHaveLength(PHOTOS.length);
  });

  test('shows a record with its time by stage, its variant and its budget', async () => {
    await tile('nagasaki-boats.jpg').click();
    const record = page.getByRole('complementary', { name: 'Record' });
    await record.getByRole('heading', { name: 'nagasaki-boats.jpg' }).waitFor();
    const stages = await record.locator('.legend dt').allTextContents();
    expect(stages.slice(0, 4)).toEqual(['fetch', 'decode', 'infer', 'store']);
    expect(await record.locator('[data-budget]').textContent()).toMatch(/Budget of 500 ms (met|missed)/);
    expect(await record.textContent()).toMatch(/everyday\/[\d.]+-\d+/);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('is the same in an address that was kept', async () => {
    const kept = page.url();
    await page.goto('about:blank');
    await page.goto(kept);
    await page.getByRole('heading', { name: 'nagasaki-boats.jpg' }).waitFor();
  });

  test('is worked with the keyboard alone', async () => {
    const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).textContent);
    await page.keyboard.press('Escape');
    await page.getByRole('complementary', { name: 'Record' }).waitFor({ state: 'detached' });
    await page.locator('[data-index="0"]').focus();
    await page.keyboard.press('End');
    const names = await page.locator('button.tile .file').allTextContents();
    await eventually(focused, (text) => text?.includes(names.at(-1)!) ?? false, 5000);
    await page.keyboard.press('ArrowLeft');
    await eventually(focused, (text) => text?.includes(names.at(-2)!) ?? false, 5000);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: names.at(-2)! }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('heading', { name: names.at(-1)! }).waitFor();
    await page.keyboard.press('Escape');
    await eventually(focused, (text) => text?.includes(names.at(-1)!) ?? false, 5000);
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement!.id)).toBe('search');
    await page.getByRole('listbox').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('listbox').waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement!.id)).toBe('');
  });

  test('takes a tag away and adds one, by keyboard alone', async () => {
    await page.locator('button.tile[data-outcome="tagged"]').first().click();
    const record = page.getByRole('complementary', { name: 'Record' });
    const take = record.getByRole('button', { name: /^Remove / }).first();
    const name = (await take.getAttribute('aria-label'))!.replace('Remove ', '');
    await take.press('Enter');
    await record.getByRole('button', { name: `Take back that it is no ${name}` }).waitFor();
    // Nothing above a tuba is on a sample photo: what is added brings back what was removed above it.
    await page.keyboard.type('tub');
    await page.locator('#known-tags option[value="tuba"]').waitFor({ state: 'attached' });
    await page.keyboard.type('a');
    await page.keyboard.press('Enter');
    await record.getByRole('button', { name: 'Take back tuba' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await record.getByRole('button', { name: 'Take back tuba' }).press('Enter');
    await record.getByRole('button', { name: `Take back that it is no ${name}` }).press('Enter');
    await record
      .getByRole('button', { name: `Remove ${name}` })
      .first()
      .waitFor();
    expect(await record.getByText('person').count()).toBe(0);
    await page.keyboard.press('Escape');
  });

  test('searches, by what is typed and by what a record says', async () => {
    const first = page.locator('button.tile[data-outcome=tagged]').first();
    const name = (await first.locator('.name').textContent())!;
    await first.click();
    await page.getByRole('complementary').getByRole('button', { name, exact: true }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.locator('button.tile', { hasText: name }).first().waitFor();
    await page.keyboard.press('Escape');

    await page.fill('#search', 'hippogriff');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing found for hippogriff').waitFor();
    await page.getByText('No tag is called hippogriff').waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.goto(gallery.url);
  });

  test('shows a stranger how to ask for dogs, without cats, sure, taken this year', async () => {
    await page.keyboard.press('/');
    await page.getByRole('option', { name: /sure, taken this year/ }).click();
    await page.getByText(`Nothing found for dog -cat confidence>0.5 ${new Date().getFullYear()}`).waitFor();
    expect(await page.getByText('No tag is called').count()).toBe(0);
    await page.fill('#search', 'cat and not tak');
    await page.getByRole('option', { name: /this year/ }).waitFor();
    await page.fill('#search', 'dogs');
    await page.keyboard.press('Enter');
    await page.getByText(/No tag is called dogs[\s\S]*Did you mean\s+dog/).waitFor();
    await page.goto(gallery.url);
  });

  test('takes expressions, and says where one is wrong', async () => {
    const ask = async (expression: string) => {
      await page.fill('#search', expression);
      await page.keyboard.press('Enter');
    };
    await ask('outcome:rejected and not animal');
    await eventually(
      () => page.locator('button.tile .file').allTextContents(),
      (names) => names.join() === 'no image.jpg',
    );

    await ask('animal and and');
    const problem = page.locator('#search-problem');
    await problem.locator('mark').waitFor();
    expect(await problem.locator('mark').textContent()).toBe('and');
    expect(await page.locator('#search').getAttribute('aria-invalid')).toBe('true');
    expect(await accessibilityFaults(page)).toEqual([]);

    await ask('not animal');
    await problem.waitFor({ state: 'hidden' });
    await tile('no image.jpg').waitFor();
    await page.goto(gallery.url);
  });

  test('shows why an image failed, and has it tried again', async () => {
    await page.locator('[data-facet=failed]').click();
    await tile('unlucky.jpg').click();
    const record = page.getByRole('complementary');
    await record.getByText('Failed: gave up').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    isBroken = false;
    await record.getByRole('button', { name: 'Retry' }).click();
    await record.getByRole('button', { name: 'Retry' }).waitFor({ state: 'detached', timeout: 60_000 });
    await expectText(facetCount('failed'), '0');
    await expectText(counter('dead letters'), '0');
  });

  test('tries again what was rejected, which may be rejected again', async () => {
    await page.locator('[data-facet=rejected]').click();
    await tile('no image.jpg').click();
    const record = page.getByRole('complementary');
    await record.getByText('Rejected: unsupported format').waitFor();
    await record.getByRole('button', { name: 'Retry' }).click();
    await record.getByRole('button', { name: 'Trying again' }).waitFor();
    await record.getByRole('button', { name: 'Retry' }).waitFor({ timeout: 60_000 });
    await page.keyboard.press('Escape');
  });

  test.each([
    ['light', 1360],
    ['dark', 1360],
    ['light', 390],
    ['dark', 390],
  ] as const)('is legible and has no accessibility fault in a %s theme, %d pixels wide', async (colorScheme, width) => {
    await page.setViewportSize({ width, height: 860 });
    await page.emulateMedia({ colorScheme });
    await page.goto(gallery.url);
    await tile('march-pastoral.jpg').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await screenshot(page, `gallery-${colorScheme}-${width}-list`);
    await tile('march-pastoral.jpg').click();
    await page.locator('.preview').evaluate((image: any) => image.decode());
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, `gallery-${colorScheme}-${width}`);
  });

  test('never complained', () => {
    expect(complaints).toEqual([]);
  });
});
