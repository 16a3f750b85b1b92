/**
 * Builds what is published, into build/packages/NAME: JavaScript, declarations, and the files that go with them.
 *
 *   npm run build:package [-- tagmill|local-stack]…
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './publishing/bundle.ts';
import { buildLocalStack } from './publishing/local-stack.ts';
import { buildTagmill } from './publishing/tagmill.ts';

const BUILDERS: Record<string, (folder: string) => Promise<void>> = {
  tagmill: buildTagmill,
  'local-stack': buildLocalStack,
};

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !Object.hasOwn(BUILDERS, name));
if (unknown.length > 0) {
  process.stderr.write(`Unknown package ${unknown.join(', ')}; there are: ${Object.keys(BUILDERS).join(', ')}\n`);
  process.exit(2);
}
for (const name of positionals.length > 0 ? positionals : Object.keys(BUILDERS)) {
  const folder = path.join(ROOT, 'build/packages', name);
  await BUILDERS[name]!(folder);
  process.stderr.write(`${path.relative(process.cwd(), folder)}\n`);
}
