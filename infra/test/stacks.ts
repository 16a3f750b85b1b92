import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseStackOptions, TaggingStack } from '@tagmill/cdk';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

export type Json = Record<string, any>;

const bundle = fs.mkdtempSync(path.join(os.tmpdir(), 'bundle-'));
fs.writeFileSync(path.join(bundle, 'index.mjs'), 'export const handler = async () => ({});');

/** The stack with these options, and functions that do nothing. */
export function stackOf(options: Json = {}): { app: App; stack: TaggingStack } {
  const app = new App({ outdir: fs.mkdtempSync(path.join(os.tmpdir(), 'assembly-')) });
  const functions = { tagImages: bundle, queryTags: bundle, reconcile: bundle, enqueueBackfill: bundle };
  return { app, stack: new TaggingStack(app, { options: parseStackOptions(options), functions }) };
}

export function templateOf(options: Json = {}): Template {
  return Template.fromStack(stackOf(options).stack);
}

/** The properties of all resources of a type. */
export function propertiesOf(template: Template, type: string): Json[] {
  return Object.values(template.findResources(type)).map((each) => each.Properties);
}

/** One or many: as policies write actions and resources. */
export function list(value: unknown): string[] {
  return [value].flat() as string[];
}
