import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './bundle.ts';
import { projectVersion } from './manifest.ts';

/** Of the functions, by the name of their package. They run on Lambda, whatever machine a stack is synthesized on. */
export const ARCHITECTURES = { 'lambda-x64': 'x86_64', 'lambda-arm64': 'arm64' } as const;

const SCRATCH = path.join(ROOT, 'build/lambda');

/** Writes a folder that is published as `@tagmill/lambda-x64` or `-arm64`: the functions' bundles, with the models of `everyday`. */
export async function buildLambda(name: keyof typeof ARCHITECTURES, folder: string): Promise<void> {
  const architecture = ARCHITECTURES[name];
  const target = ['--platform', 'linux', '--architecture', architecture, '--out', SCRATCH];
  const models = ['--models', path.join(ROOT, 'models'), '--family', 'everyday'];
  const script = path.join(ROOT, 'infra/build-functions.ts');
  await promisify(execFile)(process.execPath, [script, ...target, ...models], { cwd: ROOT });

  fs.rmSync(folder, { recursive: true, force: true });
  const bundles = path.join(SCRATCH, `linux-${architecture}`);
  const functions = fs.readdirSync(bundles).filter((each) => !each.endsWith('.partial'));
  for (const each of functions) fs.cpSync(path.join(bundles, each), path.join(folder, each), { recursive: true });
  fs.cpSync(path.join(ROOT, 'LICENSE'), path.join(folder, 'LICENSE'));
  fs.writeFileSync(path.join(folder, 'README.md'), readme(name, functions));
  const manifest = {
    name: `@tagmill/${name}`,
    version: projectVersion(),
    description: `The functions of @tagmill/cdk for Lambda on ${architecture}.`,
    license: 'Apache-2.0',
    exports: { './package.json': './package.json' },
    files: functions,
    publishConfig: { access: 'public' },
  };
  fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function readme(name: string, functions: readonly string[]): string {
  return `# @tagmill/${name}

What [@tagmill/cdk](https://www.npmjs.com/package/@tagmill/cdk) deploys to Lambda: the functions ${functions.join(', ')}, bundled, with
their native libraries for Linux and the models of the family \`everyday\`. Install the version of \`@tagmill/cdk\`. It has no code to import.
`;
}
