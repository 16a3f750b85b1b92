import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { PRESET_OPTIONS } from '../../packages/tagmill/src/template-options.ts';
import { ROOT } from './bundle.ts';

const SCRATCH = path.join(ROOT, 'build/assembly');

/** Of the functions' folders: `up` puts them there, from the package's own models and the user's. */
const ADDED_AT_START = ['models', 'labels', 'catalogue.json'];

/** Synthesizes the stack that `tagmill up` runs, with the functions as npm has them: without models and native packages. */
export async function writeAssembly(to: string): Promise<void> {
  const bundles = path.join(SCRATCH, 'functions');
  const outdir = path.join(SCRATCH, 'cdk.out');
  fs.rmSync(SCRATCH, { recursive: true, force: true });
  const models = ['--models', path.join(ROOT, 'models'), '--family', 'everyday'];
  await run('infra/build-functions.ts', ['--for-npm', '--any-size', '--out', bundles, ...models]);
  const context = { tagmill: PRESET_OPTIONS, platform: process.platform, bundles };
  await run('infra/app.ts', [], { CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) });

  const assets = fs.readdirSync(outdir).filter((name) => name.startsWith('asset.'));
  for (const asset of assets) {
    for (const name of ADDED_AT_START) fs.rmSync(path.join(outdir, asset, name), { recursive: true, force: true });
  }
  for (const name of ['manifest.json', 'Tagmill.template.json', 'Tagmill.assets.json', ...assets]) {
    fs.cpSync(path.join(outdir, name), path.join(to, name), { recursive: true });
  }
}

function run(script: string, args: string[], environment: NodeJS.ProcessEnv = {}) {
  const options = { cwd: ROOT, env: { ...process.env, ...environment } };
  return promisify(execFile)(process.execPath, [path.join(ROOT, script), ...args], options);
}
