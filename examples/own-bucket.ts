/**
 * A CDK app of your own with a pipeline for a bucket that is there already:
 *
 *   npm run build:functions -- --platform linux --architecture x86_64
 *   npx --no node -- examples/own-bucket.ts
 *
 * Synthesizes into cdk.out and prints what the stack adds. The bucket itself isn't touched: its events come by EventBridge, which
 * you switch on once (docs/guides/deploy.md).
 */

import { TaggingPipeline } from '@tagmill/cdk';
import { BUNDLES, bundleDirectory } from '@tagmill/infra/bundles';
import { App, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';

const app = new App();
const stack = new Stack(app, 'HolidayTags');
const target = { bundles: process.env.BUNDLES ?? BUNDLES, platform: 'linux', architecture: 'x86_64' } as const;
const pipeline = new TaggingPipeline(stack, 'Tags', {
  bucket: Bucket.fromBucketName(stack, 'Photos', 'holiday-photos'),
  prefix: 'originals/',
  suffix: '.jpg',
  // Outside of this repository leave them out, and install @tagmill/lambda-x64.
  functions: {
    tagImages: bundleDirectory('tag-images', target),
    queryTags: bundleDirectory('query-tags', target),
    reconcile: bundleDirectory('reconcile', target),
    enqueueBackfill: bundleDirectory('enqueue-backfill', target),
  },
});
// It is a construct like any other: tag it, grant its API to a role, hang an alarm of yours on its queues.
Tags.of(pipeline).add('team', 'photos');

const { directory } = app.synth();
const [rule] = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
process.stdout.write(`${directory}\n${JSON.stringify(rule?.Properties.EventPattern, undefined, 2)}\n`);
