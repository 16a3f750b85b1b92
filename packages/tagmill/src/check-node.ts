/** The published library evaluates this first: a Node that is too old ends in its native modules otherwise. */
import { describeOldNode } from './node-version.ts';

const fault = describeOldNode(process.versions.node);
if (fault !== undefined) throw new Error(fault);
