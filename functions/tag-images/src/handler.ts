import path from 'node:path';
import { runCompiled } from './run-compiled.ts';

const { exports, writeCodeCache } = runCompiled<typeof import('./start.ts')>(
  path.join(import.meta.dirname, 'start.cjs'),
);

// At start, where Lambda lends a whole CPU: the model is loaded once, and wrong settings fail before any message is taken.
const tagImages = await exports.start();

/** What the event source mapping calls. It answers the messages that must come back. */
export const handler = tagImages.handler;

/** For whoever builds the bundle: see {@link runCompiled}. */
export { writeCodeCache };
