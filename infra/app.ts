/**
 * The CDK app: `npm run synth`, `npx cdk deploy` and `tagmill up` all run this file. Options come as the context value
 * `tagmill`: in cdk.json, or --context tagmill='{"memoryMb":3008}'.
 */
import path from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BUNDLES, bundleDirectory } from './bundles.ts';
import { parseStackOptions } from './options.ts';
import { TaggingStack } from './tagging-stack.ts';

const app = new App({ outdir: process.env.CDK_OUTDIR ?? path.join(import.meta.dirname, '../cdk.out') });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

try {
  const options = parseStackOptions(app.node.tryGetContext('tagmill'));
  // Where functions run on this machine, their native parts have to be its own.
  const platform: string = app.node.tryGetContext('platform') ?? 'linux';
  const bundles: string = app.node.tryGetContext('bundles') ?? BUNDLES;
  const target = { bundles, platform, architecture: options.architecture };
  new TaggingStack(app, 'Tagmill', {
    options,
    assets: {
      tagImages: bundleDirectory('tag-images', target),
      queryTags: bundleDirectory('query-tags', target),
    },
    description: 'tagmill: tags the images that are dropped into a bucket',
  });
  app.synth();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
