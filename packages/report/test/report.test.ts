import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { MAX_NAMES } from '@tagmill/tag-store';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, describeInChromium, launchChromium, screenshot } from '../../../test/helpers/browser.ts';
import { startTagmill } from '../../../test/helpers/command.ts';
import { seededRandom } from '../../../test/helpers/random.ts';
import { serveRecords } from '../../../test/helpers/records-api.ts';
import { randomRecords } from '../../../test/helpers/stored-records.ts';
import { record, tag } from '../../tag-store/test/records.ts';
import { collectFigures } from '../src/collect.ts';
import { html, Markup } from '../src/markup.ts';
import { timeBins } from '../src/time-bins.ts';

jest.setTimeout(60_000);

const IMAGES = 250;
const HOSTILE = '<script>alert(1)</script>';
let api: Awaited<ReturnType<typeof serveRecords>>;
let scratch: string;
beforeAll(async () => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'report-'));
  const stranger = record('x.jpg', [tag('dog', 0.5)]);
  const hostile = { ...stranger, model: { ...stranger.model!, variant: HOSTILE } };
  api = await serveRecords([...randomRecords(IMAGES - 1, seededRandom(4)), hostile]);
});
afterAll(async () => {
  await api?.close();
  fs.rmSync(scratch, { recursive: true });
});

async function report(...args: string[]) {
  const child = startTagmill('report', ...args);
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code, stderr };
}

describe('tagmill report', () => {
  let file: string;
  let page: string;
  beforeAll(async () => {
    file = path.join(scratch, 'report.html');
    const result = await report('--endpoint', api.url, '--output', file);
    expect(result).toEqual({ code: 0, stderr: `${IMAGES} images reported in ${file}\n` });
    page = fs.readFileSync(file, 'utf8');
  });

  test('has every image’s outcome, the variants, the stages and the receipt', () => {
    expect(page).toMatch(/<dt>images<\/dt><dd>250</);
    expect(page).toMatch(/<th scope="row">everyday\/0\.5-128<\/th>/);
    expect(page).toMatch(/<th scope="row">infer<\/th><td class="number">3 ms/);
    expect(page).toMatch(/rejected: corrupt/);
    expect(page).toMatch(/<th scope="row">in total<\/th>.*\$0\.\d{4}/);
    expect(page).toMatch(/DetectLabels takes \$1\.00/);
  });

  test('loads nothing, runs nothing, and takes a name for a name', () => {
    expect(page).not.toMatch(/<(script|link|img|iframe)|@import|url\(/);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  test('of nothing says that there is nothing', async () => {
    const empty = await serveRecords([]);
    const output = path.join(scratch, 'empty.html');
    try {
      expect(await report('--endpoint', empty.url, '--output', output)).toMatchObject({ code: 0 });
      expect(fs.readFileSync(output, 'utf8')).toContain('No image has been recorded');
    } finally {
      await empty.close();
    }
  });

  test.each([
    [
      'a folder that is not there',
      ['--output', '/nowhere/report.html'],
      1,
      /Cannot write \/nowhere\/report\.html: ENOENT/,
    ],
    ['memory that is no number', ['--memory', 'much'], 2, /whole number/],
    ['two stacks', ['--stack', 'other'], 2, /not both/],
  ])('refuses %s in one line', async (_, args, expected, message) => {
    const { code, stderr } = await report(...args, '--endpoint', api.url);
    expect(code).toBe(expected);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  describeInChromium('in Chromium', () => {
    let browser: Browser;
    let tab: Page;
    const complaints: string[] = [];
    beforeAll(async () => {
      browser = await launchChromium();
      tab = await browser.newPage();
      tab.on('pageerror', (error) => complaints.push(String(error)));
      tab.on('console', (message) => complaints.push(message.text()));
      tab.on('request', (request) => {
        if (!request.url().startsWith('file:')) complaints.push(request.url());
      });
    });
    afterAll(() => browser?.close());

    test.each([
      ['light', 1100],
      ['dark', 1100],
      ['light', 390],
    ] as const)('is accessible and as wide as its window in a %s theme, %d pixels wide', async (colorScheme, width) => {
      await tab.setViewportSize({ width, height: 900 });
      await tab.emulateMedia({ colorScheme });
      await tab.goto(`file://${file}`);
      expect(await accessibilityFaults(tab)).toEqual([]);
      expect(await tab.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await tab.locator('.chart svg').count()).toBe(6);
      await screenshot(tab, `report-${colorScheme}-${width}`);
    });

    test('complained of nothing', () => expect(complaints).toEqual([]));
  });
});

describe('collectFigures', () => {
  const of = (records: ImageRecord[]) =>
    collectFigures(
      (async function* () {
        yield* records;
      })(),
    );

  test('counts write units as the table’s page has them: record, index, postings', async () => {
    const { writeUnits } = await of([record('a.jpg', [tag('collie', 0.9, 'dog'), tag('cat', 0.2)])]);
    expect(writeUnits).toBe(1 + 1 + 2);
    const many = Array.from({ length: 40 }, (_, i) => tag(`tag ${i}`, 0.5));
    expect((await of([record('b.jpg', many)])).writeUnits).toBe(1 + 1 + MAX_NAMES);
    const { model, timings, budget, ...rejected } = record('bad.jpg', [], { outcome: 'rejected', reason: 'corrupt' });
    expect((await of([rejected])).writeUnits).toBe(2);
  });
});

test('bins of time are few enough to be read, however long it took', () => {
  for (const days of [0, 1e-5, 0.01, 1, 30, 400, 20_000]) {
    const { widthMs, startOf } = timeBins(0, days * 864e5);
    expect((days * 864e5) / widthMs).toBeLessThanOrEqual(90);
    expect(startOf(widthMs * 3 + 1)).toBe(widthMs * 3);
  }
});

test('markup escapes what is filled in, once', () => {
  expect(html`<p>${['a & b', new Markup('<i>c</i>')]}</p>`.text).toBe('<p>a &amp; b<i>c</i></p>');
});
