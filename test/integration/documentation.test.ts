import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadCatalogue } from '@tagmill/variants';
import { variantRows } from '../../scripts/model-card-tables.ts';
import { type CommandResult, ROOT, tagmill } from '../helpers/command.ts';
import { PAGES, readPage } from '../helpers/pages.ts';

const scripts: Record<string, string> = JSON.parse(readPage('package.json')).scripts;
const text = PAGES.map((page) => readPage(page)).join('\n');

/** What follows `tagmill` in a command of the documentation, up to a pipe, a comment or the end of the code. */
const commands = [...new Set([...text.matchAll(/npx tagmill ([^\n`#|>]+)/g)].map(([, command]) => command!.trim()))];

const helps = new Map<string, CommandResult>();

function helpOf(name: readonly string[]): CommandResult {
  const key = name.join(' ');
  const help = helps.get(key) ?? tagmill(...name, '--help');
  helps.set(key, help);
  return help;
}

describe('the documentation', () => {
  test.each(commands)('names a command and options that exist: tagmill %s', (command) => {
    const words = command.split(/\s+/);
    const name = ['models', 'rules', 'taught'].includes(words[0]!) ? words.slice(0, 2) : words.slice(0, 1);
    const { code, stdout } = helpOf(name.filter((word) => !word.startsWith('-')));
    expect({ name, code }).toEqual({ name, code: 0 });
    for (const option of words.filter((word) => /^--\w/.test(word))) expect(stdout).toContain(option);
  });

  test('names scripts that exist', () => {
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script!);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });

  test.each(PAGES)('links to files that exist, and to headings that they have: %s', (page) => {
    const links = [...readPage(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    const broken = links.filter(([, file, heading]) => {
      const target = file === '' ? page : path.join(path.dirname(page), file!);
      if (!fs.existsSync(path.join(ROOT, target))) return true;
      return heading !== undefined && !headingsOf(target).includes(heading);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  test('has an index that leads to every page', () => {
    const index = readPage('docs/README.md');
    const links = [...index.matchAll(/\]\(([^)#]+\.md)\)/g)].map(([, link]) => path.join('docs', link!));
    const missing = PAGES.filter(
      (page) => page.startsWith('docs/') && page !== 'docs/README.md' && !links.includes(page),
    );
    expect(missing).toEqual([]);
  });

  test('numbers its decisions one by one, each with its title and date in the index', () => {
    const pages = PAGES.filter((page) => page.startsWith('docs/decisions/')).sort();
    const rows = pages.map((page, index) => {
      const [title, , date] = readPage(page).split('\n');
      const link = `decisions/${path.basename(page)}`;
      return `| ${index + 1} | [${title!.replace('# ', '')}](${link}) | ${date!.slice(0, 'YYYY-MM-DD'.length)} |`;
    });
    expect(pages.map((page) => Number(path.basename(page).slice(0, 2)))).toEqual(pages.map((_, index) => index + 1));
    expect(readPage('docs/README.md')).toContain(rows.join('\n'));
  });

  test('gives the figures of the catalogue in the model card', async () => {
    const { variants } = await loadCatalogue({ directories: [path.join(ROOT, 'models')] });
    expect(readPage('docs/models/everyday.md')).toContain(variantRows(variants));
  });

  test('is not empty of commands', () => expect(commands.length).toBeGreaterThan(5));
});

/** As GitHub makes anchors of them. */
function headingsOf(page: string): string[] {
  return [...readPage(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );
}
