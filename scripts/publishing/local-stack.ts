import fs from 'node:fs';
import path from 'node:path';
import { bundle, ROOT } from './bundle.ts';
import { writeDeclarations } from './declarations.ts';
import { manifestOf } from './manifest.ts';

/** Writes the folder that is published as `@tagmill/local-stack`. */
export async function buildLocalStack(folder: string): Promise<void> {
  fs.rmSync(folder, { recursive: true, force: true });
  const { imports } = await bundle({
    entries: {
      index: 'packages/local-stack/src/index.ts',
      'function-runtime': 'packages/local-stack/src/function-runtime.ts',
    },
    globals: ['scripts/publishing/async-disposable-stack.ts'],
    to: path.join(folder, 'dist'),
  });
  const types = await writeDeclarations('packages/local-stack/src/index.ts', path.join(folder, 'dist/index.d.ts'));
  fs.cpSync(path.join(ROOT, 'packages/local-stack/published-README.md'), path.join(folder, 'README.md'));
  fs.cpSync(path.join(ROOT, 'LICENSE'), path.join(folder, 'LICENSE'));
  const manifest = manifestOf({
    name: '@tagmill/local-stack',
    description:
      'Runs a CloudFormation template of S3, SQS, Lambda and DynamoDB inside a test, offline and without Docker.',
    keywords: ['aws', 'cloudformation', 'cdk', 'local', 'testing', 's3', 'sqs', 'lambda', 'dynamodb'],
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    files: ['dist'],
    imports: [...imports, ...types],
  });
  fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
