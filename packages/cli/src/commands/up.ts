import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { TagmillError } from '@tagmill/core';
import { serveGallery } from '@tagmill/gallery';
import { parseStackOptions, type StackOptions } from '@tagmill/infra/options';
import { type LocalStack, startLocalStack } from '@tagmill/local-stack';
import { openStack, type StackAddress } from '@tagmill/pipeline';
import { cachedAssembly, hashSources } from '../assembly-cache.ts';
import { PROJECT_ROOT } from '../catalogues.ts';
import { interruption } from '../interruption.ts';
import { forgetLocalStack, rememberLocalStack } from '../stacks.ts';

export interface UpOptions {
  port: number;
  data?: string;
  budget?: number;
  variant?: string;
  models?: string;
  /** JSON, as infra/options.ts describes it. */
  stackOptions?: string;
  verbose?: boolean;
}

/** Of its port from the API's: S3 has the next, DynamoDB the one after; Lambda and SQS come behind it. */
const GALLERY_PORT_OFFSET = 3;

const HOST_ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'x86_64';

/**
 * `tagmill up`: bundles the functions and synthesizes the stack, unless that was done before, and runs it until it is
 * interrupted. When it is ready, it prints one line of JSON.
 */
export async function up(options: UpOptions): Promise<void> {
  const interrupted = interruption();
  const ends = new AsyncDisposableStack();
  try {
    const stackOptions = stackOptionsOf(options);
    const stack = await startLocalStack({
      assemblyDirectory: await assemble(stackOptions, options),
      port: options.port,
      ...(options.data === undefined ? {} : { dataDirectory: options.data }),
      log: say,
      ...(options.verbose ? { functionLog: say } : {}),
    });
    ends.defer(forgetLocalStack);
    ends.defer(() => stack.close());
    const address = addressOf(stack);
    const gallery = await serveGallery({
      stack: openStack(address),
      uploadBucket: address.uploadBucket,
      uploadPrefix: stackOptions.prefix,
      port: options.port === 0 ? 0 : options.port + GALLERY_PORT_OFFSET,
      log: say,
    });
    ends.defer(() => gallery.close());

    say(`Skipped: ${skippedBy(stack, options)}`);
    for (const note of stack.notes) say(`Note: ${note}`);
    const { endpoints, ...parts } = address;
    const { TableName, ReconcileFunctionName, EnqueueBacklogFunctionName } = stack.outputs;
    const ready = {
      ...stack.endpoints,
      ...parts,
      gallery: gallery.url,
      table: TableName,
      reconcileFunction: ReconcileFunctionName,
      enqueueBacklogFunction: EnqueueBacklogFunctionName,
    };
    await rememberLocalStack(ready);
    process.stdout.write(`${JSON.stringify(ready)}\n`);
    await interrupted;
    say('Stopping …');
  } finally {
    await ends.disposeAsync();
  }
}

/** What the template has and this machine hasn't: its types and how many of each, or each by name. */
function skippedBy({ skipped }: LocalStack, { verbose = false }: UpOptions): string {
  if (verbose) return skipped.map(({ id, type }) => `${id} (${type})`).join(', ');
  const types = Object.entries(Object.groupBy(skipped, ({ type }) => type));
  return types.map(([type, each = []]) => `${each.length} ${type}`).join(', ');
}

/** By the stack's outputs, as a deployed one's. */
function addressOf({ outputs, endpoints }: LocalStack): StackAddress {
  return {
    api: outputs.ApiUrl!,
    uploadBucket: outputs.UploadBucketName!,
    table: outputs.TableName!,
    queueUrl: outputs.QueueUrl!,
    backfillQueueUrl: outputs.BackfillQueueUrl!,
    deadLetterQueueUrl: outputs.DeadLetterQueueUrl!,
    endpoints,
  };
}

/** Of the project: what bundles and template are made of. */
const SOURCES = ['package.json', 'node_modules/.package-lock.json', 'infra', 'functions', 'packages', 'models'];

/** The stack's assembly, as an earlier start made it from the same sources and options. */
async function assemble(tagmill: StackOptions, options: UpOptions): Promise<string> {
  const sources = SOURCES.map((each) => path.join(PROJECT_ROOT, each));
  const { platform, arch, version } = process;
  return cachedAssembly({
    directory: path.join(PROJECT_ROOT, 'build/up'),
    key: await hashSources([...sources, ...(options.models ? [path.resolve(options.models)] : [])], {
      tagmill,
      platform,
      arch,
      version,
    }),
    make: (outdir) => synthesize(outdir, tagmill, options),
  });
}

/** Builds for this machine and synthesizes. */
async function synthesize(outdir: string, tagmill: StackOptions, options: UpOptions): Promise<void> {
  say('Bundling the functions and synthesizing the stack …');
  const bundles = await fs.mkdtemp(path.join(os.tmpdir(), 'tagmill-up-'));
  try {
    await runScript('infra/build-functions.ts', [
      '--out',
      bundles,
      ...(options.models ? ['--models', options.models] : []),
    ]);
    await runScript('infra/app.ts', [], {
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ tagmill, platform: process.platform, bundles }),
    });
  } finally {
    await fs.rm(bundles, { recursive: true, force: true });
  }
}

/** @throws {TagmillError} `invalid-settings` before anything is built. */
function stackOptionsOf({ stackOptions = '{}', budget, variant }: UpOptions): StackOptions {
  return parseStackOptions({
    ...parseObject(stackOptions),
    architecture: HOST_ARCHITECTURE,
    ...(budget === undefined ? {} : { latencyBudgetMs: budget }),
    ...(variant === undefined ? {} : { variant }),
  });
}

function parseObject(text: string): object {
  try {
    const object: unknown = JSON.parse(text);
    if (typeof object === 'object' && object !== null) return object;
  } catch {
    // Said below, with what is no object.
  }
  throw new TagmillError('invalid-argument', `--stack-options is no JSON object: ${text}`);
}

/** @throws {TagmillError} `invalid-argument` with what the script said: it ends so when it is used wrongly. */
async function runScript(script: string, args: string[], environment: NodeJS.ProcessEnv = {}): Promise<void> {
  const options = { cwd: PROJECT_ROOT, env: { ...process.env, ...environment } };
  try {
    await promisify(execFile)(process.execPath, [path.join(PROJECT_ROOT, script), ...args], options);
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    throw new TagmillError('invalid-argument', stderr.trim() || `${script} failed`, { cause });
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
