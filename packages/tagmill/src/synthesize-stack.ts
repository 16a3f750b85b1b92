/** In place of the command's own `synthesize-stack.ts`: the package holds the stack as it was synthesized when the package was built. */
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { bundleLabels, bundleModels } from '@tagmill/infra/bundle-models';
import { USER_MODELS } from '../../cli/src/models/catalogues.ts';
import type { SynthesizeOptions } from '../../cli/src/stack/synthesize-stack.ts';
import { PROJECT_MODELS, PROJECT_ROOT } from './places.ts';
import { type FunctionResource, isFunction, type Template, withOptions } from './template-options.ts';

const ASSEMBLY = path.join(PROJECT_ROOT, 'assembly');
const TEMPLATE = 'Tagmill.template.json';

/** Beside sharp, whichever way it was installed: its native code, by platform. */
const BESIDE_SHARP = '@img';
/** What else the functions load at run time. */
const NATIVE = ['onnxruntime-node', '@julusian/jpeg-turbo', 'libheif-js'];

/**
 * Lays out the stack's assembly in a folder of this run's own: the template with the options put in, the functions with their models.
 *
 * @returns the folder of the assembly.
 * @throws {TagmillError} `invalid-argument` if an option needs another template.
 */
export async function synthesizeStack(scratch: string, { tagmill, models }: SynthesizeOptions): Promise<string> {
  const outdir = path.join(scratch, 'cdk.out');
  const file = path.join(outdir, TEMPLATE);
  const template: Template = withOptions(JSON.parse(await fs.readFile(path.join(ASSEMBLY, TEMPLATE), 'utf8')), tagmill);
  await fs.cp(ASSEMBLY, outdir, { recursive: true });
  await fs.writeFile(file, JSON.stringify(template));

  const folders = (await isThere(models)) ? [PROJECT_MODELS, path.resolve(models ?? USER_MODELS)] : [PROJECT_MODELS];
  const bundled = { folders, family: tagmill.variant?.split('/')[0] ?? tagmill.family };
  const functionFolder = (name: string) => path.join(outdir, assetFolder(template, name));
  await bundleModels(bundled, path.join(functionFolder('tag-images'), 'models'));
  await bundleLabels(bundled, functionFolder('query-tags'));
  await linkNativePackages(path.join(functionFolder('tag-images'), 'node_modules'));
  return outdir;
}

/** A folder that is named has to be there; the user's own may be. */
function isThere(models: string | undefined): Promise<boolean> {
  if (models !== undefined) return Promise.resolve(true);
  return fs.access(path.join(USER_MODELS, 'catalogue.json')).then(
    () => true,
    () => false,
  );
}

/** As the CDK names it. */
function assetFolder({ Resources }: Template, name: string): string {
  const found = Object.values(Resources).find((each): each is FunctionResource => isFunction(each, name));
  return `asset.${path.parse(found!.Properties.Code.S3Key).name}`;
}

/** The functions run outside of the package: from there Node doesn't find what was installed with it. */
async function linkNativePackages(to: string): Promise<void> {
  const sharp = await folderOf('sharp');
  const folders = [
    [BESIDE_SHARP, path.join(sharp, '..', BESIDE_SHARP)],
    ...(await Promise.all(NATIVE.map(async (name) => [name, await folderOf(name)]))),
  ] as [string, string][];
  for (const [name, folder] of folders) {
    await fs.mkdir(path.dirname(path.join(to, name)), { recursive: true });
    // Windows lets anyone make a junction, which is for folders; elsewhere it is a symbolic link.
    await fs.symlink(folder, path.join(to, name), 'junction');
  }
}

async function folderOf(name: string): Promise<string> {
  const places = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const place of places) {
    const found = await fs.realpath(path.join(place, name)).catch(() => undefined);
    if (found !== undefined) return found;
  }
  throw new Error(`${name} isn't installed beside tagmill`);
}
