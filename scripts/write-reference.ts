/** Writes the pages of docs/reference that are made of code: see scripts/reference. */
import fs from 'node:fs';
import path from 'node:path';
import { REFERENCE_PAGES } from './reference/pages.ts';

const ROOT = path.join(import.meta.dirname, '..');

for (const [page, text] of Object.entries(REFERENCE_PAGES)) {
  fs.writeFileSync(path.join(ROOT, page), text(fs.readFileSync(path.join(ROOT, page), 'utf8')));
  process.stdout.write(`${page}\n`);
}
