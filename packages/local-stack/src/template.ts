import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LocalStackError } from './errors.ts';

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DependsOn: z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]),
  Condition: z.string().optional(),
});

const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })).default({}),
  Parameters: z.record(z.string(), z.object({ Default: z.unknown() })).default({}),
});

const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z.object({ templateFile: z.string().optional(), file: z.string().optional() }).optional(),
    }),
  ),
});

const assetsSchema = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
});

export type TemplateResource = z.output<typeof resourceSchema>;

export interface SynthesizedStack {
  name: string;
  template: z.output<typeof templateSchema>;
  /** Folders of the assets, by the key that the template knows them under. */
  assets: ReadonlyMap<string, string>;
}

/**
 * Reads a stack of a cloud assembly, which `cdk synth` wrote.
 *
 * @param stackName may be left out where there is one stack.
 * @throws {LocalStackError} `not-found` if there is no such stack or no assembly; `invalid-argument` if a file is malformed.
 */
export async function readStack(assemblyDirectory: string, stackName?: string): Promise<SynthesizedStack> {
  const read = <Schema extends z.ZodType>(file: string, schema: Schema) =>
    readJson(path.join(assemblyDirectory, file), schema);
  const { artifacts } = await read('manifest.json', manifestSchema);
  const stacks = Object.entries(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const [found, ...more] = stacks.filter(([name]) => stackName === undefined || name === stackName);
  if (!found || more.length > 0) {
    throw new LocalStackError(
      'not-found',
      `Name one stack of ${assemblyDirectory}; there are: ${stacks.map(([name]) => name).join(', ')}`,
    );
  }
  const [name, { properties }] = found;
  const template = await read(properties?.templateFile ?? '', templateSchema);
  const manifest = artifacts[`${name}.assets`]?.properties?.file;
  const assets = foldersOfAssets(assemblyDirectory, manifest ? await read(manifest, assetsSchema) : { files: {} });
  return { name, template, assets };
}

/**
 * Reads a template by itself. A function's `Code` may be a folder, as `aws cloudformation package` takes it: relative to the template.
 * Where the CDK wrote the template, its assets are read from the file beside it.
 *
 * @param file JSON.
 * @throws {LocalStackError} `not-found` if there is no such file; `invalid-argument` if it is malformed.
 */
export async function readTemplate(file: string): Promise<SynthesizedStack> {
  const directory = path.dirname(file);
  const name = path.basename(file).replace(/(\.template)?\.json$/, '');
  const template = await readJson(file, templateSchema);
  const manifest = path.join(directory, `${name}.assets.json`);
  const assets = (await isThere(manifest))
    ? foldersOfAssets(directory, await readJson(manifest, assetsSchema))
    : new Map();
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type !== 'AWS::Lambda::Function' || typeof Properties.Code !== 'string') continue;
    const folder = path.resolve(directory, Properties.Code);
    assets.set(folder, folder);
    Properties.Code = { S3Key: folder };
  }
  return { name, template, assets };
}

function isThere(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}

/** By the key that the template knows them under. */
function foldersOfAssets(directory: string, { files }: z.output<typeof assetsSchema>): Map<string, string> {
  return new Map(
    Object.values(files).flatMap(({ source, destinations }) =>
      Object.values(destinations).map(({ objectKey }) => [objectKey, path.resolve(directory, source.path)] as const),
    ),
  );
}

/** Far more than a template, which CloudFormation takes up to a megabyte of, or than the files beside it. */
const MAX_BYTES = 16 * 2 ** 20;
/** What the CDK writes is some ten levels deep. */
const MAX_DEPTH = 100;

async function readJson<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.output<Schema>> {
  let json: unknown;
  try {
    const { size } = await fs.stat(file);
    if (size > MAX_BYTES) throw new LocalStackError('invalid-argument', `${file} is larger than ${MAX_BYTES} bytes`);
    json = JSON.parse(await fs.readFile(file, 'utf8'));
  } catch (cause) {
    if (cause instanceof LocalStackError) throw cause;
    throw new LocalStackError('not-found', `Cannot read ${file}: synthesize the stack first`, { cause });
  }
  if (isDeeperThan(MAX_DEPTH, json)) {
    throw new LocalStackError('invalid-argument', `${file} is nested more than ${MAX_DEPTH} levels deep`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new LocalStackError('invalid-argument', `${file}: ${z.prettifyError(parsed.error)}`, { cause: parsed.error });
}

function isDeeperThan(most: number, json: unknown): boolean {
  let level = [json];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
  return false;
}
