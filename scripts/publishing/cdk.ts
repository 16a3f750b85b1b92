import fs from 'node:fs';
import path from 'node:path';
import { bundle, ROOT } from './bundle.ts';
import { writeDeclarations } from './declarations.ts';
import { ARCHITECTURES } from './lambda.ts';
import { manifestOf, projectVersion } from './manifest.ts';

/** Writes the folder that is published as `@tagmill/cdk`. */
export async function buildCdk(folder: string): Promise<void> {
  fs.rmSync(folder, { recursive: true, force: true });
  const { imports } = await bundle({ entries: { index: 'packages/cdk/src/index.ts' }, to: path.join(folder, 'dist') });
  const types = await writeDeclarations('packages/cdk/src/index.ts', path.join(folder, 'dist/index.d.ts'));
  fs.cpSync(path.join(ROOT, 'packages/cdk/published-README.md'), path.join(folder, 'README.md'));
  fs.cpSync(path.join(ROOT, 'LICENSE'), path.join(folder, 'LICENSE'));
  const manifest = manifestOf({
    name: '@tagmill/cdk',
    description: "A CDK construct: tags the images of a bucket with MobileNets, in anyone's stack.",
    keywords: ['aws', 'cdk', 'construct', 's3', 'sqs', 'lambda', 'dynamodb', 'image', 'tagging'],
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    files: ['dist'],
    imports: [...imports, ...types],
    peers: ['aws-cdk-lib', 'constructs'],
    // A stack needs the functions of its own architecture only.
    optionalPeers: Object.fromEntries(Object.keys(ARCHITECTURES).map((name) => [`@tagmill/${name}`, projectVersion()])),
  });
  fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
