import fs from 'node:fs';
import path from 'node:path';
import { parseStackOptions, TaggingStack } from '@tagmill/cdk';
import { App } from 'aws-cdk-lib';
import { OPTION_SETS } from './option-sets.ts';

/**
 * Synthesizes the stack with each set of options, and functions that do nothing.
 *
 * @returns folders of the cloud assemblies, by the name of their options.
 */
export function synthesizeSets(folder: string): Map<string, string> {
  const bundle = path.join(folder, 'bundle');
  fs.mkdirSync(bundle);
  fs.writeFileSync(path.join(bundle, 'index.mjs'), 'export const handler = async () => ({});');
  const functions = { tagImages: bundle, queryTags: bundle, reconcile: bundle, enqueueBackfill: bundle };
  return new Map(
    Object.entries(OPTION_SETS).map(([name, options]) => {
      const outdir = path.join(folder, name.replaceAll(' ', '-'));
      const app = new App({ outdir });
      new TaggingStack(app, { options: parseStackOptions(options), functions });
      app.synth();
      return [name, outdir];
    }),
  );
}
