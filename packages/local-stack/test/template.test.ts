import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LocalStackError, startLocalStack } from '../src/index.ts';
import { readTemplate } from '../src/template.ts';

let folder: string;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'template-'));
});

afterAll(() => fs.rmSync(folder, { recursive: true }));

function write(file: string, content: unknown): string {
  const place = path.join(folder, file);
  fs.writeFileSync(place, JSON.stringify(content));
  return place;
}

const functionOf = (Code: unknown) => ({
  Resources: { F: { Type: 'AWS::Lambda::Function', Properties: { Code, Handler: 'index.handler' } } },
});

test("a function's code may be a folder, relative to the template", async () => {
  const { name, template, assets } = await readTemplate(write('mine.json', functionOf('./code')));
  expect(name).toBe('mine');
  const { S3Key } = template.Resources.F!.Properties.Code as { S3Key: string };
  expect(assets.get(S3Key)).toBe(path.join(folder, 'code'));
});

test('a template that the CDK wrote finds the assets beside it', async () => {
  const files = { a: { source: { path: 'asset.1' }, destinations: { here: { objectKey: '1.zip' } } } };
  write('Photos.assets.json', { files });
  const { name, assets } = await readTemplate(write('Photos.template.json', functionOf({ S3Key: '1.zip' })));
  expect(name).toBe('Photos');
  expect([...assets]).toEqual([['1.zip', path.join(folder, 'asset.1')]]);
});

test('a template that is not there is an error that names it', async () => {
  const missing = path.join(folder, 'missing.json');
  await expect(startLocalStack({ template: missing })).rejects.toThrow(missing);
});

test('a template and an assembly together are refused', async () => {
  const both = startLocalStack({ template: 'a.json', assemblyDirectory: 'cdk.out' });
  await expect(both).rejects.toThrow(LocalStackError);
});

test('a handler without a file is refused by name before anything is invoked', async () => {
  fs.mkdirSync(path.join(folder, 'empty'));
  const properties = { Code: './empty', Handler: 'src/app.handler', Runtime: 'nodejs24.x' };
  const template = write('no-handler.json', {
    Resources: { F: { Type: 'AWS::Lambda::Function', Properties: properties } },
  });
  await expect(startLocalStack({ template })).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringMatching(/^F: no file of src\/app\.handler in .*empty, by any of \.mjs, \.js, \.cjs$/),
  });
});
