#!/usr/bin/env node
/** The published `tagmill` command. It imports nothing else before it knows that this Node can run the rest. */
import module from 'node:module';
import { describeOldNode } from './node-version.ts';

const fault = describeOldNode(process.versions.node);
if (fault === undefined) {
  // What was compiled once isn't compiled again.
  module.enableCompileCache?.();
  await import('../../cli/src/main.ts');
} else {
  process.stderr.write(`${fault}\n`);
  process.exitCode = 2;
}
