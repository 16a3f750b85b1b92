import { spawn, spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';

export const ROOT = path.join(import.meta.dirname, '../..');
const BIN = path.join(ROOT, 'packages/cli/bin/tagmill.js');

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `tagmill` to its end, in an environment without a user's own models. */
export function tagmill(...args: string[]): CommandResult {
  return tagmillIn({}, ...args);
}

/** The same, with more in the environment. */
export function tagmillIn(more: NodeJS.ProcessEnv, ...args: string[]): CommandResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    encoding: 'utf8',
    env: { ...environment(), ...more },
    maxBuffer: 2 ** 28,
  });
  return { code: status, stdout, stderr };
}

/** Starts `tagmill` and leaves it running. */
export function startTagmill(...args: string[]) {
  return startTagmillIn({}, ...args);
}

/** The same, with more in the environment. */
export function startTagmillIn(more: NodeJS.ProcessEnv, ...args: string[]) {
  const env = { ...environment(), ...more };
  return spawn(process.execPath, [BIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Starts `tagmill` as the head of a process group of its own: a terminal's Ctrl-C goes to a whole group. */
export function startTagmillGroup(...args: string[]) {
  return spawn(process.execPath, [BIN, ...args], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

/** Runs a line of the documentation in a folder, by bash: its `npx tagmill` is the one that is tested. */
export function runLine(line: string, { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv }): CommandResult {
  const npx = `npx() { shift; '${process.execPath}' '${BIN}' "$@"; }`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `${npx}\n${line}`], {
    encoding: 'utf8',
    cwd,
    env: { ...environment(), ...env },
  });
  return { code: status, stdout, stderr };
}

/** The records of `--format jsonl`. */
export function parseJsonl<Row = Record<string, unknown>>(text: string): Row[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row);
}

function environment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    XDG_DATA_HOME: path.join(ROOT, 'build/no-user-models'),
    XDG_CACHE_HOME: path.join(process.env.TAGMILL_TEST_SCRATCH ?? os.tmpdir(), 'tagmill-cache'),
    // Of this test file alone: others may run stacks of their own.
    XDG_STATE_HOME: path.join(os.tmpdir(), `tagmill-state-${process.pid}`),
  };
}
