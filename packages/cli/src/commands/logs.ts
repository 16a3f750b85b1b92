import fs from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { TagmillError } from '@tagmill/core';
import { findLocalStack, isProcess, type LocalStackChoice, localStacks, logFile } from '../stack/local-stacks.ts';

export interface LogsOptions extends LocalStackChoice {
  /** Of the end. */
  lines: number;
  /** Go on as long as the stack runs. */
  follow?: boolean;
}

const POLL_MS = 300;

/**
 * `tagmill logs`: what the functions of a local stack wrote, and what went wrong with them.
 *
 * @throws {TagmillError} `not-found` if there is no such stack, running or killed.
 */
export async function printLogs({ lines, follow, ...choice }: LogsOptions): Promise<void> {
  const pid = await findPid(choice);
  const file = await fs.open(logFile(pid)).catch((cause) => {
    throw new TagmillError('not-found', 'This stack has no log', { cause });
  });
  try {
    const text = await file.readFile('utf8');
    process.stdout.write(lastLines(text, lines));
    // Where the file was read to, it is read on.
    while (follow && isProcess(pid)) {
      await delay(POLL_MS);
      process.stdout.write(await file.readFile('utf8'));
    }
  } finally {
    await file.close();
  }
}

/** Of one that was killed, if none runs: its last words may say why. */
async function findPid(choice: LocalStackChoice): Promise<number> {
  try {
    return (await findLocalStack(choice)).pid;
  } catch (error) {
    const { local } = choice;
    const ended = (await localStacks()).filter(
      ({ port, isRunning }) => !isRunning && (local === undefined || port === local),
    );
    const isMissing = error instanceof TagmillError && error.code === 'not-found';
    if (isMissing && ended.length > 0) return ended.at(-1)!.pid;
    throw error;
  }
}

function lastLines(text: string, count: number): string {
  return text
    .split('\n')
    .slice(-count - 1)
    .join('\n');
}
