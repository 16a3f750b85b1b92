/**
 * Builds what is published, into build/packages/NAME: JavaScript, declarations, and the files that go with them.
 *
 *   npm run build:package [-- tagmill|local-stack|cdk|lambda-x64|lambda-arm64]…
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './publishing/bundle.ts';
import { buildCdk } from './publishing/cdk.ts';
import { buildLambda } from './publishing/lambda.ts';
import { buildLocalStack } from './publishing/local-stack.ts';
import { buildTagmill } from './publishing/tagmill.ts';

const BUILDERS: Record<string, (folder: string) => Promise<void>> = {
  tagmill: buildTagmill,
  'local-stack': buildLocalStack,
  cdk: buildCdk,
  'lambda-x64': (folder) => buildLambda('lambda-x64', folder),
  'lambda-arm64': (folder) => buildLambda('lambda-arm64', folder),
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
