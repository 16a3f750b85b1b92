import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { TagmillError } from '@tagmill/core';
import { xdgData, xdgState } from 'xdg-basedir';
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
  enqueueBackfillFunction: z.string(),
});

/** What is written down of a local stack, so that other commands find it. */
const noteSchema = readySchema.extend({
  pid: z.int(),
  startedAt: z.iso.datetime(),
  /** Where its data is kept; nowhere if absent. */
  data: z.string().optional(),
});

export type StackNote = z.output<typeof noteSchema>;

/** A local stack, running or not. */
export interface LocalStackFound extends StackNote {
  /** Of its API: by this it is told from others. */
  port: number;
  isRunning: boolean;
}

export interface LocalStackChoice {
  /** Port of the API; may be left out where one runs. */
  local?: number;
}

/** A file or two a stack, by the process that runs it. */
const NOTES = path.join(xdgState ?? path.join(os.homedir(), '.local/state'), 'tagmill/local-stacks');

const PORT_TIMEOUT_MS = 2000;

/** Where a stack on a port keeps its data unless it is told otherwise. */
export function defaultDataDirectory(port: number): string {
  return path.join(xdgData ?? path.join(os.homedir(), '.local/share'), 'tagmill/local-stacks', String(port));
}

/** What the functions of a stack write, and what goes wrong with them. */
export function logFile(pid: number): string {
  return path.join(NOTES, `${pid}.log`);
}

/** Writes down that this process runs a stack. */
export async function rememberLocalStack(ready: object, { data }: { data?: string | undefined }): Promise<void> {
  await fs.mkdir(NOTES, { recursive: true });
  const note = { ...ready, pid: process.pid, startedAt: new Date().toISOString(), ...(data && { data }) };
  await fs.writeFile(noteFile(process.pid), JSON.stringify(note));
}

/** Once it runs no more. */
export async function forgetLocalStack(pid = process.pid): Promise<void> {
  await Promise.all([noteFile(pid), logFile(pid)].map((file) => fs.rm(file, { force: true })));
}

/** Forgets what was left by stacks that ended without a word. */
export async function forgetEnded(): Promise<void> {
  const names = await fs.readdir(NOTES).catch(() => []);
  const pids = new Set(names.map((name) => Number.parseInt(name, 10)).filter(Number.isInteger));
  await Promise.all([...pids].filter((pid) => !isProcess(pid)).map(forgetLocalStack));
}

/** Every local stack that was written down, the latest last. */
export async function localStacks(): Promise<LocalStackFound[]> {
  const names = await fs.readdir(NOTES).catch(() => []);
  const found = names.filter((name) => name.endsWith('.json')).map((name) => readNote(path.join(NOTES, name)));
  return (await Promise.all(found))
    .filter((stack) => stack !== undefined)
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

/**
 * The local stack that a command is about.
 *
 * @throws {TagmillError} `not-found` if none runs, or none on that port; `invalid-argument` if several do, and none was chosen.
 */
export async function findLocalStack({ local }: LocalStackChoice): Promise<LocalStackFound> {
  const stacks = await localStacks();
  const running = stacks.filter(({ isRunning }) => isRunning);
  const candidates = local === undefined ? running : running.filter(({ port }) => port === local);
  if (candidates.length > 1) {
    throw new TagmillError(
      'invalid-argument',
      `${candidates.length} local stacks run: ${listPorts(running)} says which`,
    );
  }
  const [stack] = candidates;
  if (stack) return stack;
  const ended = stacks.findLast(({ port }) => local === undefined || port === local);
  throw new TagmillError('not-found', local === undefined ? noneRuns(ended) : noneOnPort(local, running, ended));
}

function noneRuns(ended: LocalStackFound | undefined): string {
  const how = 'start one with `tagmill up`, or name a deployed one with --stack';
  return ended ? `${endedWithoutAWord(ended)}: ${how}` : `No local stack is running: ${how}`;
}

function noneOnPort(port: number, running: LocalStackFound[], ended: LocalStackFound | undefined): string {
  const others = running.length > 0 ? `; there is ${listPorts(running)}` : '';
  return `${ended ? endedWithoutAWord(ended) : `No local stack is running on port ${port}`}${others}`;
}

function endedWithoutAWord({ port, pid, data }: LocalStackFound): string {
  const kept = data === undefined ? 'its data is gone' : `its data is in ${data}`;
  return `No local stack is running: the one on port ${port} (pid ${pid}) was killed, and ${kept}`;
}

function listPorts(stacks: LocalStackFound[]): string {
  return stacks.map(({ port }) => `--local ${port}`).join(' or ');
}

function noteFile(pid: number): string {
  return path.join(NOTES, `${pid}.json`);
}

/** Undefined if it is just being written or removed, or was written by another version. */
async function readNote(file: string): Promise<LocalStackFound | undefined> {
  const parsed = noteSchema.safeParse(parseJson(await fs.readFile(file, 'utf8').catch(() => '')));
  if (!parsed.success) return undefined;
  const port = Number(new URL(parsed.data.api).port);
  return { ...parsed.data, port, isRunning: isProcess(parsed.data.pid) && (await isOpen(port)) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether there is a process of that number: it may be another one by now. */
export function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1', timeout: PORT_TIMEOUT_MS });
    const end = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.on('connect', () => end(true)).on('error', () => end(false));
    socket.on('timeout', () => end(false));
  });
}
