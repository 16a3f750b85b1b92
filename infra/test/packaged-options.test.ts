import { expect, test } from '@jest/globals';
import { localStackOptions } from '../../packages/cli/src/stack/local-options.ts';
import { PRESET_OPTIONS, type Template, withOptions } from '../../packages/tagmill/src/template-options.ts';
import { type Json, templateOf } from './stacks.ts';

const preset = templateOf(PRESET_OPTIONS).toJSON() as Template;

/** What `tagmill up` of the published package can be told. */
const CHOICES: Json[] = [
  {},
  { budget: 40 },
  { variant: 'everyday/0.5-96' },
  { family: 'imagenet' },
  { stackOptions: '{"topN":3,"minConfidence":"sure","maxBytes":1000000,"maxPixels":2000000}' },
];

test.each(CHOICES)('the template of the package with %j is the one that synthesizing gives', (choice) => {
  const options = localStackOptions(choice);
  expect(withOptions(preset, options)).toEqual(templateOf(options).toJSON());
});

test.each([{ batchSize: 5 }, { prefix: 'in/' }, { uploadBucketName: 'mine' }])('%j is refused by name', (given) => {
  const options = localStackOptions({ stackOptions: JSON.stringify(given) });
  expect(() => withOptions(preset, options)).toThrow(`up: ${Object.keys(given)} would need another template`);
});
