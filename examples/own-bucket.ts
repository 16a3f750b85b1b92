/**
 * A CDK app of your own with a tagging stack for a bucket that is there already:
 *
 *   npm run build:functions -- --platform linux --architecture x86_64
 *   npx --no node -- examples/own-bucket.ts
 *
 * Synthesizes into cdk.out and prints what the stack adds. The bucket itself isn't touched: its events come by EventBridge, which
 * you switch on once (docs/guides/deploy.md).
 */

import { TaggingStack } from '@tagmill/infra';
import { BUNDLES, bundleDirectory } from '@tagmill/infra/bundles';
import { parseStackOptions } from '@tagmill/infra/options';
import { App, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

const options = parseStackOptions({
  stackName: 'HolidayTags',
  existingBucketName: 'holiday-photos',
  prefix: 'originals/',
  suffix: '.jpg',
});
const target = { bundles: process.env.BUNDLES ?? BUNDLES, platform: 'linux', architecture: options.architecture };
const app = new App();
const stack = new TaggingStack(app, {
  options,
  assets: {
    tagImages: bundleDirectory('tag-images', target),
    queryTags: bundleDirectory('query-tags', target),
    reconcile: bundleDirectory('reconcile', target),
    enqueueBackfill: bundleDirectory('enqueue-backfill', target),
  },
});
// It is a stack like any other: tag it, give it a VPC endpoint, hang an alarm of yours on its queue.
Tags.of(stack).add('team', 'photos');

const { directory } = app.synth();
const [rule] = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
process.stdout.write(`${directory}\n${JSON.stringify(rule?.Properties.EventPattern, undefined, 2)}\n`);
