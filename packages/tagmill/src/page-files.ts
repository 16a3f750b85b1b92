/** In place of the gallery's own `page-files.ts`: the package holds the page as it was bundled when the package was built. */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { PageFile } from '../../gallery/src/page-files.ts';

const PAGE = path.join(import.meta.dirname, '../page.json');

/**
 * Reads the bundled page.
 *
 * @returns its files by the path that they are served at.
 */
export async function bundlePage(): Promise<Map<string, PageFile>> {
  const files: Record<string, PageFile> = JSON.parse(await fs.readFile(PAGE, 'utf8'));
  return new Map(Object.entries(files));
}
