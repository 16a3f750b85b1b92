import fs from 'node:fs';
import path from 'node:path';
import type { StackOptions } from '@tagmill/cdk';
import { TagmillError } from '@tagmill/core';

/** Where bundles are, unless it is said otherwise. */
export const BUNDLES = path.join(import.meta.dirname, '../build/functions');

export const ARCHITECTURES: readonly StackOptions['architecture'][] = ['x86_64', 'arm64'];

export interface Target {
  /** As Node calls it: `linux`, `darwin`. */
  platform: string;
  architecture: StackOptions['architecture'];
}

export interface BundleTarget extends Target {
  /** Folder of the bundles. */
  bundles: string;
}

/**
 * The folder of a function's bundle for a target.
 *
 * @throws {TagmillError} `not-found` if it was not built: synthesizing neither builds nor downloads.
 */
export function bundleDirectory(name: string, target: BundleTarget): string {
  const directory = bundlePath(name, target);
  if (fs.existsSync(directory)) return directory;
  const { platform, architecture } = target;
  throw new TagmillError(
    'not-found',
    `No bundle of ${name} for ${platform} ${architecture}: npm run build:functions -- --platform ${platform} --architecture ${architecture}`,
  );
}

/** Where that folder is or will be. It appears only when it is complete. */
export function bundlePath(name: string, { bundles, platform, architecture }: BundleTarget): string {
  return path.join(bundles, `${platform}-${architecture}`, name);
}
