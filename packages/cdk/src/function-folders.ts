import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { TagmillError } from '@tagmill/core';
import type { PipelineOptions } from './options.ts';

/** Folders of the functions' bundles. */
export interface FunctionFolders {
  tagImages: string;
  queryTags: string;
  reconcile: string;
  enqueueBackfill: string;
}

const PACKAGES: Readonly<Record<PipelineOptions['architecture'], string>> = {
  x86_64: '@tagmill/lambda-x64',
  arm64: '@tagmill/lambda-arm64',
};

/** The family whose models the packages hold. */
const FAMILY = 'everyday';

/**
 * Finds the functions in the package for an architecture.
 *
 * @throws {TagmillError} `not-found` with what has to be installed; `unknown-variant` for a family that the packages are without.
 */
export function installedFunctions({ architecture, family, variant }: PipelineOptions): FunctionFolders {
  const wanted = variant?.split('/')[0] ?? family;
  if (wanted !== FAMILY) {
    throw new TagmillError(
      'unknown-variant',
      `The functions' packages hold ${FAMILY}, not ${wanted}. Build them with ${wanted} in a checkout of tagmill, and pass their folders as functions`,
    );
  }
  const name = PACKAGES[architecture];
  const folder = folderOf(name);
  return {
    tagImages: path.join(folder, 'tag-images'),
    queryTags: path.join(folder, 'query-tags'),
    reconcile: path.join(folder, 'reconcile'),
    enqueueBackfill: path.join(folder, 'enqueue-backfill'),
  };
}

/** Of another version the functions would be told by this construct what they don't know. */
function folderOf(name: string): string {
  const own = readJson(path.join(import.meta.dirname, '../package.json'));
  const { resolve } = createRequire(import.meta.url);
  let manifest: string;
  try {
    manifest = resolve(`${name}/package.json`);
  } catch (cause) {
    throw new TagmillError(
      'not-found',
      `The functions are a package of their own: npm install ${name}@${own.version}`,
      {
        cause,
      },
    );
  }
  const { version } = readJson(manifest);
  if (version === own.version) return path.dirname(manifest);
  throw new TagmillError(
    'invalid-settings',
    `${name} is ${version}, and @tagmill/cdk ${own.version}: npm install ${name}@${own.version}`,
  );
}

function readJson(file: string): { version: string } {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
