import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Json, templateOf } from './stacks.ts';

const SCRIPT = path.join(import.meta.dirname, '../import-template.ts');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'import-'));
const template = path.join(folder, 'Tagmill.template.json');
let resources: Record<string, Json>;
beforeAll(() => {
  const synthesized = templateOf().toJSON();
  resources = synthesized.Resources;
  fs.writeFileSync(template, JSON.stringify(synthesized));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const run = (...args: string[]) =>
  spawnSync(process.execPath, [SCRIPT, '--template', template, ...args], { encoding: 'utf8' });
const read = (name: string) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));

test('a retained bucket and table are imported as the template has them, but for what refers to other resources', () => {
  expect(run('--bucket', 'old-photos', '--table', 'old-tags')).toMatchObject({ status: 0 });
  const [bucketId, tableId] = [/^UploadsBucket[0-9A-F]{8}$/, /^TagsTable/].map(
    (pattern) => Object.keys(resources).find((id) => pattern.test(id))!,
  ) as [string, string];
  expect(read('import.resources.json')).toEqual([
    {
      ResourceType: 'AWS::S3::Bucket',
      LogicalResourceId: bucketId,
      ResourceIdentifier: { BucketName: 'old-photos' },
    },
    {
      ResourceType: 'AWS::DynamoDB::Table',
      LogicalResourceId: tableId,
      ResourceIdentifier: { TableName: 'old-tags' },
    },
  ]);
  const { Resources } = read('import.template.json') as { Resources: Record<string, Json> };
  const { NotificationConfiguration, ...own } = resources[bucketId]!.Properties;
  const DeletionPolicy = 'RetainExceptOnCreate';
  expect(NotificationConfiguration).toBeDefined();
  expect(Resources).toEqual({
    [bucketId]: { Type: 'AWS::S3::Bucket', DeletionPolicy, Properties: own },
    [tableId]: { Type: 'AWS::DynamoDB::Table', DeletionPolicy, Properties: resources[tableId]!.Properties },
  });
});

test('importing nothing is refused', () => {
  expect(run()).toMatchObject({ status: 1, stderr: 'Name a retained --bucket, a --table or both\n' });
});
