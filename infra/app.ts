/**
 * The CDK app: `npm run synth`, the CDK's own command and `tagmill up` all run this file. The stack's options come as the
 * context value `tagmill`: in cdk.json, or --context tagmill='{"memoryMb":3008}'.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseStackOptions, type StackOptions, TaggingStack } from '@tagmill/cdk';
import { TagmillError } from '@tagmill/core';
import { type Catalogue, loadCatalogue } from '@tagmill/variants';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BUNDLES, bundleDirectory } from './bundles.ts';

const ROOT = path.join(import.meta.dirname, '..');

/** `platform` and `bundles` are for a stack that runs on this machine: its native parts have to be its own. */
const CONTEXT = ['tagmill', 'platform', 'bundles'];

try {
  const app = new App({
    outdir: process.env.CDK_OUTDIR ?? path.join(ROOT, 'cdk.out'),
    // The CDK's command reads it too, and passes it on; without the command nobody does.
    context: JSON.parse(fs.readFileSync(path.join(ROOT, 'cdk.json'), 'utf8')).context,
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  assertContextIsKnown(app.node.getAllContext());

  const options = parseStackOptions(app.node.tryGetContext('tagmill'));
  const target = {
    bundles: app.node.tryGetContext('bundles') ?? BUNDLES,
    platform: app.node.tryGetContext('platform') ?? 'linux',
    architecture: options.architecture,
  };
  const functions = {
    tagImages: bundleDirectory('tag-images', target),
    queryTags: bundleDirectory('query-tags', target),
    reconcile: bundleDirectory('reconcile', target),
    enqueueBackfill: bundleDirectory('enqueue-backfill', target),
  };
  const catalogue = await loadCatalogue({ directories: [path.join(functions.tagImages, 'models')] });
  assertIsBundled(catalogue, options);
  new TaggingStack(app, { options, functions });
  app.synth();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

/** @throws {TagmillError} `unknown-variant` with how to bundle what the options name. */
function assertIsBundled(catalogue: Catalogue, { family, variant }: StackOptions): void {
  try {
    if (variant) catalogue.find(variant);
    else catalogue.family(family);
  } catch (cause) {
    const { message } = cause as TagmillError;
    const how = `npm run build:functions -- --family ${variant?.split('/')[0] ?? family} bundles another family`;
    throw new TagmillError('unknown-variant', `${message}; ${how}`, { cause });
  }
}

/** The CDK's own names have a colon, a dash or a slash; a plain word is meant for this app, or misspelt. */
function assertContextIsKnown(context: object): void {
  const unknown = Object.keys(context).filter((name) => /^\w+$/.test(name) && !CONTEXT.includes(name));
  if (unknown.length === 0) return;
  throw new TagmillError(
    'invalid-settings',
    `Unknown context ${unknown.join(', ')}; there are: ${CONTEXT.join(', ')}, and the stack's options are inside tagmill`,
  );
}
