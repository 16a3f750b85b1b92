import { expect, test } from '@jest/globals';
import { describeOldNode } from '../src/node-version.ts';

test.each(['22.19.0', '22.23.5', '24.0.0', '26.1.0'])('Node %s is recent enough', (version) => {
  expect(describeOldNode(version)).toBeUndefined();
});

test.each(['14.21.3', '20.20.2', '22.18.0', '23.11.1'])('of Node %s one line says what is needed', (version) => {
  const line = describeOldNode(version);
  expect(line).toBe(
    `tagmill needs Node 22.19 or later, or Node 24; this is ${version}. Install one from https://nodejs.org`,
  );
});
