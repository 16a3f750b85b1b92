import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { TagStatistics } from '@tagmill/tag-store';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { describeInChromium, launchChromium, screenshot } from '../../../test/helpers/browser.ts';
import { eventually } from '../../../test/helpers/pipeline-stack.ts';
import { type Gallery, serveGallery } from '../src/index.ts';
import { BUCKET, startStack } from './api-server.ts';
import { recordAt } from './records.ts';

jest.setTimeout(120_000);

const COUNT = 10_000;
/** That have a picture: those at the beginning and at the end. */
const PICTURED = 60;

const TAGS = ['dog', 'sports car', 'espresso', 'tabby cat', 'lighthouse', 'goldfish', 'acorn'];
const images = Array.from({ length: COUNT }, (_, i) => recordAt(COUNT - 1 - i, { tag: TAGS[i % TAGS.length]! }));
const statistics: TagStatistics = {
  images: COUNT,
  byOutcome: { tagged: COUNT, empty: 0, rejected: 0, failed: 0 },
  byVariant: { 'everyday/0.5-128': COUNT },
  latencyMs: { p50: 31, p90: 60, p99: 140, max: 320 },
  budget: { met: COUNT, missed: 0 },
};

/** The API's pages, by the number of the image to go on with. */
function answer(path: string, query: URLSearchParams): object | undefined {
  if (path === '/stats') return statistics;
  if (path === '/image') return images.find(({ image }) => image.key === query.get('key'));
  if (path === '/tags') {
    const names = TAGS.filter((name) => name.startsWith(query.get('prefix') ?? ''));
    return {
      tags: names.map((name) => ({ name, count: Math.round(COUNT / TAGS.length) })),
      countedAt: new Date().toISOString(),
    };
  }
  if (path !== '/images') return undefined;
  const q = query.get('q')?.replaceAll('"', '');
  const found = q ? images.filter(({ tags }) => tags[0]!.name === q) : images;
  const [start, limit] = [Number(query.get('cursor') ?? 0), Number(query.get('limit'))];
  const end = start + limit;
  return { images: found.slice(start, end), ...(end < found.length && { cursor: String(end) }) };
}

describeInChromium(`the gallery of ${COUNT} images`, () => {
  let server: Awaited<ReturnType<typeof startStack>>;
  let gallery: Gallery;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    server = await startStack(answer);
    for (const record of [...images.slice(0, PICTURED), ...images.slice(-PICTURED)]) {
      const { key } = record.image;
      const hue = (Number.parseInt(key, 10) * 47) % 360;
      const background = `hsl(${hue}, 35%, 55%)`;
      const bytes = await sharp({ create: { width: 160, height: 120, channels: 3, background } })
        .jpeg()
        .toBuffer();
      record.image.etag = await server.stack.objects.put({ bucket: BUCKET, key }, bytes);
    }
    gallery = await serveGallery({ stack: server.stack, uploadBucket: BUCKET });
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
    await page.goto(gallery.url);
    await page.getByText('10,000 · newest first').waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await gallery?.close();
    await server?.close();
  });

  const tiles = () => page.locator('li:has(button.tile)').count();
  const list = () => page.locator('.list');

  test('has few of them in the document, and a scroll bar for all of them', async () => {
    expect(await tiles()).toBeLessThan(60);
    const height = await list().evaluate(({ scrollHeight }) => scrollHeight);
    // Six in a row, some 170 pixels each with its caption.
    expect(height).toBeGreaterThan((COUNT / 6) * 150);
  });

  test('scrolls without standing still', async () => {
    const frames = await list().evaluate(async (list) => {
      const times: number[] = [];
      let before = performance.now();
      for (let i = 0; i < 60; i++) {
        list.scrollTop += 400;
        const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
        times.push(now - before);
        before = now;
      }
      return times.toSorted((a, b) => a - b);
    });
    const median = frames[frames.length / 2]!;
    // 16.7 ms where nothing else runs.
    expect(median).toBeLessThan(100);
    const lastIndex = () => page.locator('button.tile').last().getAttribute('data-index');
    await eventually(lastIndex, (index) => Number(index) > 500, 10_000);
    expect(await tiles()).toBeLessThan(80);
  });

  test('goes to the last image by one key, and back by another', async () => {
    await page.locator('button.tile').first().focus();
    await page.keyboard.press('End');
    const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset.index);
    await eventually(focused, (index) => index === String(COUNT - 1), 30_000);
    await page.locator(`[data-index="${COUNT - 1}"] img`).evaluate((image: any) => image.decode());
    expect(await tiles()).toBeLessThan(80);
    await page.keyboard.press('Home');
    await eventually(focused, (index) => index === '0', 5000);
    expect(await list().evaluate(({ scrollTop }) => scrollTop)).toBeLessThan(100);
  });

  test('completes what is typed with the tags that are there', async () => {
    await page.keyboard.press('/');
    await page.getByRole('option', { name: /^dog -cat one/ }).waitFor();
    const options = () => page.getByRole('option').allTextContents();
    await page.keyboard.type('ta');
    await eventually(options, (texts) => /tabby cat\W+1,429.*taken>.*tagged>/s.test(texts.join()), 10_000);
    await page.fill('#search', 'sp');
    await eventually(options, (texts) => texts.length === 1 && /"sports car"\s*1,429/.test(texts[0]!), 10_000);
    await page.keyboard.press('ArrowDown');
    await page.locator('[role=option][aria-selected=true]').waitFor();
    await page.keyboard.press('Enter');
    await eventually(
      () => page.inputValue('#search'),
      (value) => value === '"sports car"',
      10_000,
    );
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'sports car' }).waitFor();
    expect(await page.locator('[data-facet="sports car"]').getAttribute('aria-pressed')).toBe('true');
    await page.locator('[data-facet="sports car"]').click();
    await page.getByText('10,000 · newest first').waitFor();
  });

  test('puts new images first while the beginning is in sight, and offers them otherwise', async () => {
    images.unshift(recordAt(COUNT));
    statistics.images++;
    await page.locator('[data-index="0"]', { hasText: `${COUNT}.jpg` }).waitFor({ timeout: 15_000 });
    await list().evaluate((list) => {
      list.scrollTop = 5000;
    });
    images.unshift(recordAt(COUNT + 1));
    statistics.images++;
    server.aws.sendMessage('live', 'moved');
    await page.getByRole('button', { name: 'Show new images' }).click({ timeout: 15_000 });
    await page.locator('[data-index="0"]', { hasText: `${COUNT + 1}.jpg` }).waitFor();
    await screenshot(page, 'gallery-many');
  });

  test('doesn’t wait for ever for a photo that nobody tags', async () => {
    await page.clock.install();
    await page.goto(gallery.url);
    await page.getByText('10,002 · newest first').waitFor();
    const photo = { name: 'lost.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('lost') };
    await page.setInputFiles('.add input', photo);
    await page.getByText('In the queue').waitFor();
    await page.clock.fastForward(30_000);
    await page.getByText('In the queue').waitFor();
    await page.clock.fastForward(40_000);
    await page.getByText('In the queue').waitFor();
    const { queue } = server.stack;
    const messages = await queue.receive({ waitSeconds: 0, visibilitySeconds: 60 });
    await Promise.all(messages.map(({ receiptHandle }) => queue.delete(receiptHandle)));
    await page.getByText('Not tagged').waitFor({ timeout: 15_000 });
    await page.getByRole('button', { name: 'Dismiss lost.jpg' }).click();
    await page.locator('.uploads').waitFor({ state: 'detached' });
  });

  test('says that the stack doesn’t answer, and goes on when it does', async () => {
    await page.route('**/stack', (route) => route.abort());
    await page.getByText('The stack doesn’t answer').waitFor({ timeout: 15_000 });
    await page.unroute('**/stack');
    await page.getByText('waiting').waitFor({ timeout: 15_000 });
  });
});
