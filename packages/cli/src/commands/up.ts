import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { TagmillError } from '@tagmill/core';
import { serveGallery } from '@tagmill/gallery';
import { type LocalStack, LocalStackError, startLocalStack } from '@tagmill/local-stack';
import { openStack, type StackAddress } from '@tagmill/stack-client';
import { interruption } from '../interruption.ts';
import { checkPorts } from '../stack/free-ports.ts';
import { type LocalOptions, localStackOptions } from '../stack/local-options.ts';
import {
  defaultDataDirectory,
  forgetEnded,
  forgetLocalStack,
  logFile,
  rememberLocalStack,
} from '../stack/local-stacks.ts';
import { synthesizeStack } from '../stack/synthesize-stack.ts';

export interface UpOptions extends LocalOptions {
  port: number;
  /** Keep everything there. */
  data?: string;
  /** Keep nothing. */
  fresh?: boolean;
  models?: string;
  verbose?: boolean;
}

/** Of each port from the API's. */
const PORT_OFFSETS = { url: 0, s3: 1, dynamodb: 2, gallery: 3, lambda: 4, sqs: 5 };
const PORTS = Object.keys(PORT_OFFSETS).length;

/**
 * `tagmill up`: bundles the functions and synthesizes the stack, unless an earlier start did, and runs it here until it is interrupted.
 * When it is ready, it prints one line of JSON.
 */
export async function up(options: UpOptions): Promise<void> {
  const interrupted = interruption();
  const { port, verbose = false } = options;
  const ports = portsFrom(port);
  const stackOptions = localStackOptions(options);
  const data = chooseDataDirectory(options);
  await checkPorts(port, PORTS);
  await forgetEnded();
  const ends = new AsyncDisposableStack();
  try {
    const scratch = await fs.promises.mkdtemp(path.join(os.tmpdir(), 'tagmill-up-'));
    ends.defer(() => fs.promises.rm(scratch, { recursive: true, force: true }));
    ends.defer(() => forgetLocalStack());
    const log = openLog();
    ends.defer(() => log.close());
    say(
      data === undefined
        ? 'Nothing is kept: when this stack stops, its objects, messages and tags are gone (--data DIR keeps them)'
        : `Objects, messages and tags are kept in ${data} (--fresh keeps nothing)`,
    );
    const stack = await startLocalStack({
      assemblyDirectory: await synthesizeStack(scratch, { tagmill: stackOptions, models: options.models, log: say }),
      ports,
      ...(data === undefined ? {} : { dataDirectory: data }),
      log: log.both,
      functionLog: verbose ? log.both : log.write,
    });
    ends.defer(() => stack.close());
    const address = readAddress(stack);
    const gallery = await serveGallery({
      stack: openStack(address),
      uploadBucket: address.uploadBucket,
      uploadPrefix: stackOptions.prefix,
      port: ports.gallery,
      log: log.both,
    });
    ends.defer(() => gallery.close());

    if (verbose) for (const line of listDifferences(stack)) say(line);
    const { endpoints, ...parts } = address;
    const { TableName, ReconcileFunctionName, EnqueueBacklogFunctionName } = stack.outputs;
    const ready = {
      ...stack.endpoints,
      ...parts,
      gallery: gallery.url,
      table: TableName,
      reconcileFunction: ReconcileFunctionName,
      enqueueBackfillFunction: EnqueueBacklogFunctionName,
    };
    await rememberLocalStack(ready, { data });
    process.stdout.write(`${JSON.stringify(ready)}\n`);
    await interrupted;
    say('Stopping …');
  } catch (error) {
    // Someone else took a port meanwhile: who, is said as before.
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') await checkPorts(port, PORTS);
    throw error instanceof LocalStackError ? new TagmillError(error.code, error.message, { cause: error }) : error;
  } finally {
    await ends.disposeAsync();
  }
  say(data === undefined ? 'Stopped; nothing was kept' : `Stopped; all is kept in ${data}`);
}

/** Any free ones for 0. */
function portsFrom(first: number): Record<keyof typeof PORT_OFFSETS, number> {
  const ports = { ...PORT_OFFSETS };
  for (const part of Object.keys(ports) as (keyof typeof ports)[]) ports[part] = first === 0 ? 0 : first + ports[part];
  return ports;
}

/** Of a stack on any port nothing is kept, since no other will be it. */
function chooseDataDirectory({ port, data, fresh = false }: UpOptions): string | undefined {
  if (data !== undefined && fresh) throw new TagmillError('invalid-argument', 'Give --data or --fresh, not both');
  if (data !== undefined) return path.resolve(data);
  return fresh || port === 0 ? undefined : defaultDataDirectory(port);
}

/** What `tagmill logs` shows. */
function openLog() {
  const file = logFile(process.pid);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const descriptor = fs.openSync(file, 'w');
  const write = (line: string) => void fs.writeSync(descriptor, `${line}\n`);
  return {
    write,
    /** There and on standard error. */
    both: (line: string) => {
      write(line);
      say(line);
    },
    close: () => fs.closeSync(descriptor),
  };
}

/** Lists the resources that this machine lacks, and the differences from a deployed stack. */
function listDifferences({ skipped, notes }: LocalStack): string[] {
  return [
    `Skipped: ${skipped.map(({ id, type }) => `${id} (${type})`).join(', ')}`,
    ...[...notes, '`tagmill reconcile` and `tagmill backfill` call what schedules and state machines would'].map(
      (note) => `Note: ${note}`,
    ),
  ];
}

/** By the stack's outputs, as a deployed one's. */
function readAddress({ outputs, endpoints }: LocalStack): StackAddress {
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

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
