import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { TagmillError } from '@tagmill/core';
import { startLocalStack } from '@tagmill/local-stack';
import { PROJECT_ROOT } from '../catalogues.ts';
import { EXIT } from '../errors.ts';
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

const TOGETHER_MS = 1000;

const HOST_ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'x86_64';

/**
 * `tagmill up`: bundles the functions, synthesizes the stack, and runs it here until it is interrupted. When it is ready, it
 * prints one line of JSON.
 */
export async function up(options: UpOptions): Promise<void> {
  const scratch = await fs.mkdtemp(path.join(os.tmpdir(), 'tagmill-up-'));
  const interrupted = interruption();
  try {
    say('Bundling the functions and synthesizing the stack …');
    const assemblyDirectory = await synthesize(scratch, options);
    const stack = await startLocalStack({
      assemblyDirectory,
      port: options.port,
      ...(options.data === undefined ? {} : { dataDirectory: options.data }),
      log: say,
      ...(options.verbose ? { functionLog: say } : {}),
    });
    try {
      say(`Skipped: ${stack.skipped.join(', ')}`);
      for (const note of stack.notes) say(`Note: ${note}`);
      const { outputs, endpoints } = stack;
      const ready = {
        ...endpoints,
        api: outputs.ApiUrl,
        uploadBucket: outputs.UploadBucketName,
        queueUrl: outputs.QueueUrl,
        backfillQueueUrl: outputs.BackfillQueueUrl,
        deadLetterQueueUrl: outputs.DeadLetterQueueUrl,
        table: outputs.TableName,
      };
      await rememberLocalStack(ready);
      process.stdout.write(`${JSON.stringify(ready)}\n`);
      await interrupted;
      say('Stopping …');
    } finally {
      await stack.close();
      await forgetLocalStack();
    }
  } finally {
    await fs.rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Resolves at the first signal to stop. A later one ends the process at once, but not one that comes together with the
 * first: a terminal tells the whole process group, and npx passes it on once more.
 */
function interruption(): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const onSignal = () => {
      if (firstAt !== undefined && Date.now() - firstAt > TOGETHER_MS) process.exit(EXIT.interrupted);
      firstAt ??= Date.now();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  });
}

/** Builds for this machine and synthesizes, in a folder of this run's own: two stacks don't disturb each other. */
async function synthesize(scratch: string, options: UpOptions): Promise<string> {
  const bundles = path.join(scratch, 'bundles');
  const outdir = path.join(scratch, 'cdk.out');
  const tagmill = {
    ...parseStackOptions(options.stackOptions),
    architecture: HOST_ARCHITECTURE,
    ...(options.budget === undefined ? {} : { latencyBudgetMs: options.budget }),
    ...(options.variant === undefined ? {} : { variant: options.variant }),
  };
  await runScript('infra/build-functions.ts', [
    '--out',
    bundles,
    ...(options.models ? ['--models', options.models] : []),
  ]);
  await runScript('infra/app.ts', [], {
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({ tagmill, platform: process.platform, bundles }),
  });
  return outdir;
}

function parseStackOptions(text: string | undefined): object {
  if (text === undefined) return {};
  try {
    const options: unknown = JSON.parse(text);
    if (typeof options === 'object' && options !== null) return options;
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
