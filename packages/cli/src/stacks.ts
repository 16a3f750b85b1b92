import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { TagmillError } from '@tagmill/core';
import { deployedStack, type StackAddress } from '@tagmill/pipeline';
import { xdgState } from 'xdg-basedir';
import { z } from 'zod';

/** What `tagmill up` prints when it is ready. */
const readySchema = z.object({
  s3: z.string(),
  sqs: z.string(),
  dynamodb: z.string(),
  lambda: z.string(),
  api: z.string(),
  uploadBucket: z.string(),
  queueUrl: z.string(),
  backfillQueueUrl: z.string(),
  deadLetterQueueUrl: z.string(),
  table: z.string(),
  reconcileFunction: z.string(),
  enqueueBacklogFunction: z.string(),
});

/** The last local stack that was started, so that other commands find it. */
const STATE_FILE = path.join(xdgState ?? path.join(os.homedir(), '.local/state'), 'tagmill/local-stack.json');

export async function rememberLocalStack(ready: object): Promise<void> {
  await fs.mkdir(path.dirname(STATE_FILE), { recursive: true });
  await fs.writeFile(STATE_FILE, JSON.stringify({ ...ready, pid: process.pid }));
}

/** Unless another was started since. */
export async function forgetLocalStack(): Promise<void> {
  const state = JSON.parse(await fs.readFile(STATE_FILE, 'utf8').catch(() => '{}'));
  if (state.pid === process.pid) await fs.rm(STATE_FILE, { force: true });
}

export interface StackChoice {
  /** A deployed stack's name; the local one if absent. */
  stack?: string;
}

/**
 * The stack that a command is about.
 *
 * @throws {TagmillError} `not-found` if it doesn't run.
 */
export async function findStack({ stack }: StackChoice): Promise<StackAddress> {
  if (stack !== undefined) return deployedStack(stack);
  const text = await fs.readFile(STATE_FILE, 'utf8').catch((cause) => {
    throw new TagmillError(
      'not-found',
      'No local stack is running: start one with `tagmill up`, or name a deployed one',
      {
        cause,
      },
    );
  });
  const ready = readySchema.parse(JSON.parse(text));
  const { s3, sqs, dynamodb, lambda: endpoint, reconcileFunction, enqueueBacklogFunction, ...address } = ready;
  const functions = {
    reconcile: { endpoint, functionName: reconcileFunction },
    enqueueBacklog: { endpoint, functionName: enqueueBacklogFunction },
  };
  return { ...address, functions, endpoints: { s3, sqs, dynamodb } };
}

/**
 * Takes `s3://BUCKET/KEY` apart; the key, or prefix, may be empty.
 *
 * @throws {TagmillError} `invalid-argument` if it isn't one.
 */
export function parseS3Url(url: string): { bucket: string; key: string } {
  const groups = /^s3:\/\/(?<bucket>[^/]+)\/?(?<key>.*)$/s.exec(url)?.groups;
  if (!groups) throw new TagmillError('invalid-argument', `${url} is not s3://BUCKET/KEY`);
  return { bucket: groups.bucket!, key: groups.key! };
}
