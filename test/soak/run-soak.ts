import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { makeBundles, synthesize } from '../helpers/assembly.ts';
import { check, type Verdict } from './check.ts';
import { type FaultCounts, NO_FAULTS } from './faults.ts';
import { type Change, makePlan } from './plan.ts';
import type { StackReady } from './stack-process.ts';

export interface SoakOptions {
  events: number;
  seed: number;
  /** Times that the whole process group is killed and started again, on its data. From the first on the bucket keeps versions. */
  restarts: number;
  /** After the last event. */
  maxDrainMs: number;
  /** On a busy machine: timeouts, and the time between kills, are so many times as long. Else no worker lives to tag an image. */
  slowness?: number;
  log?: (line: string) => void;
}

export interface SoakReport extends Verdict {
  faults: FaultCounts;
  /** In all queues, the dead-letter queue's among them. */
  messagesLeft: number;
  deadLetters: number;
}

/** The policy's choice depends on the load, and short timeouts bring killed workers' messages back soon. */
const STACK = {
  variant: 'everyday/0.5-96',
  memoryMb: 1536,
  // So that no image is given up because chance killed its worker too often.
  maxReceiveCount: 50,
};
const TIMEOUT_SECONDS = 4;
const VISIBILITY_TIMEOUT_SECONDS = 24;
/** Changes in flight: of different keys. */
const AT_ONCE = 20;
/** Longer than a notification may be late. */
const SETTLE_MS = 2500;
/** Messages that are left when nobody is killed any more: else the last ones take long. */
const QUIET_BELOW = 500;
const client = { region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };

/** Does what the plan says to a stack with faults, waits until it is done, and checks what is left. */
export async function runSoak({
  events,
  seed,
  restarts,
  maxDrainMs,
  slowness = 1,
  log = () => {},
}: SoakOptions): Promise<SoakReport> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'soak-'));
  const { changes, corrupt } = await makePlan(events, seed);
  const faults = { ...NO_FAULTS };
  let stack: RunningStack | undefined;
  try {
    const assembly = path.join(scratch, 'cdk.out');
    const timeouts = {
      timeoutSeconds: TIMEOUT_SECONDS * slowness,
      visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS * slowness,
    };
    synthesize(assembly, { ...STACK, ...timeouts }, makeBundles({ scratch }));
    const data = path.join(scratch, 'data');
    const start = (run: number) => startStack([assembly, data, String(seed + run), String(slowness)], faults);
    for (let run = 0; run <= restarts; run++) {
      stack = await start(run);
      if (run === Math.min(1, restarts)) await enableVersions(stack);
      const [from, to] = [run, run + 1].map((each) => Math.floor((each * events) / (restarts + 1)));
      await apply(changes.slice(from, to), stack);
      // What is late lives in the process that is killed, as it doesn't in S3.
      await delay(SETTLE_MS);
      log(`${to} of ${events} events, ${faults.kills} workers killed`);
      if (run < restarts) await stack.kill();
    }
    const { QueueUrl, BackfillQueueUrl, DeadLetterQueueUrl } = stack!.outputs;
    const messagesLeft = await drain(stack!, [QueueUrl!, BackfillQueueUrl!], maxDrainMs, log);
    const deadLetters = await messagesIn(stack!, DeadLetterQueueUrl!);
    const { endpoints, outputs } = stack!;
    const where = { ...endpoints, bucket: outputs.UploadBucketName!, table: outputs.TableName! };
    return { ...(await check({ ...where, corrupt })), faults, messagesLeft, deadLetters };
  } finally {
    await stack?.kill();
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

interface RunningStack extends StackReady {
  child: ChildProcess;
  /** Its whole process group, at once: nobody gets to say goodbye. */
  kill(): Promise<void>;
}

async function startStack(args: string[], faults: FaultCounts): Promise<RunningStack> {
  const before = { ...faults };
  const child = fork(path.join(import.meta.dirname, 'stack-process.ts'), args, {
    detached: true,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const [ready] = (await Promise.race([once(child, 'message'), exited.then(() => [])])) as [StackReady | undefined];
  if (!ready) throw new Error('The stack did not start');
  child.on('message', (counts: FaultCounts) => {
    for (const name of Object.keys(counts) as (keyof FaultCounts)[]) faults[name] = before[name] + counts[name];
  });
  return {
    ...ready,
    child,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      process.kill(-child.pid!, 'SIGKILL');
      await exited;
    },
  };
}

/** A key's changes one after the other, different keys' side by side. */
async function apply(changes: readonly Change[], { endpoints, outputs }: RunningStack): Promise<void> {
  const s3 = new S3Client({ ...client, endpoint: endpoints.s3, forcePathStyle: true });
  const Bucket = outputs.UploadBucketName!;
  for (let i = 0; i < changes.length; i += AT_ONCE) {
    const byKey = Map.groupBy(changes.slice(i, i + AT_ONCE), ({ key }) => key);
    await Promise.all(
      [...byKey].map(async ([Key, ofKey]) => {
        for (const change of ofKey) {
          if ('put' in change) await s3.send(new PutObjectCommand({ Bucket, Key, Body: change.put }));
          else if ('remove' in change) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
          else await undo(s3, { Bucket, Key });
        }
      }),
    );
  }
  s3.destroy();
}

/** Where nothing is versioned the object itself goes. */
async function undo(s3: S3Client, { Bucket, Key }: { Bucket: string; Key: string }): Promise<void> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
  const latest = [...Versions, ...DeleteMarkers].find((each) => each.Key === Key && each.IsLatest);
  if (latest) await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: latest.VersionId! }));
}

async function enableVersions({ endpoints, outputs }: RunningStack): Promise<void> {
  const s3 = new S3Client({ ...client, endpoint: endpoints.s3, forcePathStyle: true });
  const Bucket = outputs.UploadBucketName!;
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  s3.destroy();
}

/** @returns how many messages are left when time is up. */
async function drain(
  stack: RunningStack,
  queueUrls: readonly string[],
  maxMs: number,
  log: (line: string) => void,
): Promise<number> {
  const end = Date.now() + maxMs;
  while (true) {
    const counts = await Promise.all(queueUrls.map((url) => messagesIn(stack, url)));
    const left = counts.reduce((sum, count) => sum + count, 0);
    if (left === 0 || Date.now() > end) return left;
    if (left < QUIET_BELOW) stack.child.send('quiet');
    log(`${left} messages left`);
    await delay(1000);
  }
}

async function messagesIn({ endpoints }: RunningStack, QueueUrl: string): Promise<number> {
  const sqs = new SQSClient({ ...client, endpoint: endpoints.sqs });
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  const names = ['', 'NotVisible', 'Delayed'] as const;
  return names.reduce((sum, name) => sum + Number(Attributes?.[`ApproximateNumberOfMessages${name}`] ?? 0), 0);
}
