import { setTimeout as delay } from 'node:timers/promises';
import { TagmillError } from '@tagmill/core';
import { findLocalStack, isProcess, type LocalStackChoice } from '../stack/local-stacks.ts';

/** Batches in flight are waited for: a function runs a minute or two. */
const LONGEST_MS = 180_000;
const POLL_MS = 100;

/**
 * `tagmill down`: stops a local stack, as Ctrl-C does where it runs, and waits for its end.
 *
 * @throws {TagmillError} `not-found` if none runs; `timeout` if it goes on.
 */
export async function stopLocalStack(choice: LocalStackChoice): Promise<void> {
  const { pid, port, data } = await findLocalStack(choice);
  process.kill(pid, 'SIGTERM');
  for (const end = Date.now() + LONGEST_MS; isProcess(pid); await delay(POLL_MS)) {
    if (Date.now() > end) {
      throw new TagmillError('timeout', `The local stack on port ${port} is still stopping: kill ${pid} ends it`);
    }
  }
  const kept = data === undefined ? 'its data is gone' : `its data is in ${data}`;
  process.stdout.write(`The local stack on port ${port} has stopped; ${kept}\n`);
}
