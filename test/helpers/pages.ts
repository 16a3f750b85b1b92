import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './command.ts';

/** Folders whose Markdown describes the code as it is. CHANGELOG.md is left out: it tells of former versions. */
const FOLDERS = ['docs', 'packages', 'functions', 'infra', 'models', 'test', 'examples'];

/** Every page that a reader may take for true today, by its path from the root. */
export const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...FOLDERS.filter((folder) => fs.existsSync(path.join(ROOT, folder))).flatMap(pagesBelow),
].filter((page) => fs.existsSync(path.join(ROOT, page)));

/** Reads a file of the repository. */
export function readPage(page: string): string {
  return fs.readFileSync(path.join(ROOT, page), 'utf8');
}

function pagesBelow(folder: string): string[] {
  return fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const page = path.join(folder, entry.name);
    if (entry.isDirectory()) return /^(node_modules|cdk\.out|build)$/.test(entry.name) ? [] : pagesBelow(page);
    return entry.name.endsWith('.md') ? [page] : [];
  });
}
