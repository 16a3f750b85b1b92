import fs from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const PAGE = path.join(import.meta.dirname, '../page');

export interface PageFile {
  contentType: string;
  body: string;
}

/**
 * Bundles the page.
 *
 * @returns its files by the path that they are served at.
 */
export async function bundlePage(): Promise<Map<string, PageFile>> {
  const { outputFiles } = await build({
    entryPoints: [path.join(PAGE, 'main.ts'), path.join(PAGE, 'styles/main.css')],
    outdir: PAGE,
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['production'],
    logLevel: 'silent',
  });
  const read = (name: string) => fs.readFile(path.join(PAGE, name), 'utf8');
  const bundled = (extension: string) => outputFiles.find(({ path }) => path.endsWith(extension))!.text;
  return new Map([
    ['/', { contentType: 'text/html; charset=utf-8', body: await read('index.html') }],
    ['/main.js', { contentType: 'text/javascript; charset=utf-8', body: bundled('.js') }],
    ['/main.css', { contentType: 'text/css; charset=utf-8', body: bundled('.css') }],
    ['/icon.svg', { contentType: 'image/svg+xml', body: await read('icon.svg') }],
  ]);
}
