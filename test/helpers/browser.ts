import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { ROOT } from './command.ts';

/** Debian's, unless `CHROMIUM` names another. */
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** As `describe`, skipped where there is no Chromium. */
export const describeInChromium = fs.existsSync(CHROMIUM)
  ? describe
  : (name: string, block: () => void) => describe.skip(`${name} (skipped: no ${CHROMIUM})`, block);

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Where tests leave what they saw: `SCREENSHOTS=docs/images npm test -- gallery.test` renews those of the README. */
const SCREENSHOTS = path.resolve(ROOT, process.env.SCREENSHOTS ?? 'build/screenshots');

export function launchChromium(): Promise<Browser> {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const args = ['--headless', '--no-sandbox', '--disable-gpu', ...quiet];
  return chromium.launch({ executablePath: CHROMIUM, args });
}

/** What axe-core finds wrong with a page as it is now: rule, and where. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as any).axe.run();
    return violations.flatMap(({ id, nodes }: any) => nodes.map(({ target }: any) => `${id}: ${target.join(' ')}`));
  });
}

/** Drops files onto a page as a user does it, from outside of the browser. */
export async function dropFiles(page: Page, files: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 600, y: 500, data });
  }
}

/** Keeps how a page looks. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.jpg`), quality: 85 });
}
