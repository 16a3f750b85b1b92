import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadCatalogue } from '@tagmill/variants';
import { variantRows } from '../../scripts/model-card-tables.ts';
import { ROOT, tagmill } from '../helpers/command.ts';

const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');
const scripts: Record<string, string> = JSON.parse(read('package.json')).scripts;
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'models/README.md',
  'docs/threat-model.md',
  ...listed('docs/decisions').filter((page) => page.endsWith('.md')),
  ...listed('docs/operations'),
  ...listed('docs/models').filter((page) => page.endsWith('.md')),
];
const text = pages.map((page) => read(page)).join('\n');

function listed(folder: string): string[] {
  return fs.readdirSync(path.join(ROOT, folder)).map((name) => path.join(folder, name));
}

/** What follows `tagmill` in a command of the documentation, up to a pipe, a comment or the end of the code. */
const commands = [...new Set([...text.matchAll(/npx tagmill ([^\n`#|>]+)/g)].map(([, command]) => command!.trim()))];

describe('the documentation', () => {
  test.each(commands)('names a command and options that exist: tagmill %s', (command) => {
    const words = command.split(/\s+/);
    const name = words[0] === 'models' ? words.slice(0, 2) : words.slice(0, 1);
    const { code, stdout } = tagmill(...name, '--help');
    expect({ name, code }).toEqual({ name, code: 0 });
    for (const option of words.filter((word) => word.startsWith('--'))) expect(stdout).toContain(option);
  });

  test('names scripts that exist', () => {
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script!);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });

  test.each(pages)('links to files that exist: %s', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link]) => link!);
    const missing = links.filter((link) => !fs.existsSync(path.join(ROOT, path.dirname(page), link)));
    expect(missing).toEqual([]);
  });

  test('gives the figures of the catalogue in the model card', async () => {
    const { variants } = await loadCatalogue({ directories: [path.join(ROOT, 'models')] });
    expect(read('docs/models/everyday.md')).toContain(variantRows(variants));
  });

  test('is not empty of commands', () => expect(commands.length).toBeGreaterThan(5));
});
