import fs from 'node:fs';
import path from 'node:path';
import { TagmillError } from '@tagmill/core';

/** Where bundles are, unless it is said otherwise. */
export const BUNDLES = path.join(import.meta.dirname, '../build/functions');

export interface Target {
  /** Folder of the bundles. */
  bundles: string;
  /** As Node calls it: `linux`, `darwin`. */
  platform: string;
  architecture: 'x86_64' | 'arm64';
}

/**
 * The folder of a function's bundle for a target.
 *
 * @throws {TagmillError} `not-found` if it was not built: synthesizing neither builds nor downloads.
 */
export function bundleDirectory(name: string, target: Target): string {
  const directory = bundlePath(name, target);
  if (fs.existsSync(path.join(directory, 'index.mjs'))) return directory;
  const { platform, architecture } = target;
  throw new TagmillError(
    'not-found',
    `No bundle of ${name} for ${platform} ${architecture}: npm run build:functions -- --platform ${platform} --architecture ${architecture}`,
  );
}

export function bundlePath(name: string, { bundles, platform, architecture }: Target): string {
  return path.join(bundles, `${platform}-${architecture}`, name);
}
