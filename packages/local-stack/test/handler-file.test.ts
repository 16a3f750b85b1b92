import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { FunctionProcess } from '../src/function-process.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'handlers-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Files, which handler is asked for, and what it answers. */
const CASES: [kind: string, files: Record<string, string>, handler: string][] = [
  ['an ES module', { 'index.mjs': 'export const handler = async () => "here"' }, 'index.handler'],
  ['a CommonJS file', { 'index.cjs': 'exports.handler = async () => "here"' }, 'index.handler'],
  ['a CommonJS .js file', { 'index.js': 'exports.handler = async () => "here"' }, 'index.handler'],
  [
    'an ES module by its package.json',
    { 'index.js': 'export const handler = () => "here"', 'package.json': '{"type":"module"}' },
    'index.handler',
  ],
  ['exports made at run time', { 'a.cjs': 'module.exports = Object.fromEntries([["run", () => "here"]])' }, 'a.run'],
  ['a file in a folder', { 'src/app.js': 'exports.handler = async () => "here"' }, 'src/app.handler'],
];

test.each(CASES)('%s runs', async (kind, files, handler) => {
  const directory = path.join(folder, kind);
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    fs.writeFileSync(path.join(directory, name), content);
  }
  const definition = {
    name: 'tested',
    arn: 'arn',
    directory,
    handler,
    timeoutMs: 10_000,
    memoryMb: 256,
    environment: {},
  };
  const started = new FunctionProcess(definition, () => undefined);
  try {
    expect(await started.invoke({})).toBe('here');
  } finally {
    await started.kill();
  }
});
