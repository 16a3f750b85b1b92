import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { MAX_DECODING_MS } from '../../src/limits.ts';

export interface FuzzRange {
  seed: number;
  /** Index of the first input. */
  from: number;
  inputs: number;
}

export type FuzzReport = { index: number } & (
  | { started: true }
  | { outcome: string; durationMs: number; rssBytes: number }
);

export interface FuzzResult {
  /** How many inputs ended how: `decoded`, or a code. */
  outcomes: Record<string, number>;
  /** Indexes of inputs that ended the process that looked at them. */
  crashes: number[];
  /** Indexes of inputs that it was killed over: they took longer than decoding may take. */
  hangs: number[];
  slowest: { index: number; durationMs: number };
  /** Of the process that looks at the inputs, at its largest. */
  peakRssBytes: number;
}

/** Twice the time limit of decoding: after that, the limit has failed to end it. */
const HANG_MS = 2 * MAX_DECODING_MS;

/** Looks at mutated files in a process of its own, which is replaced when one of them ends it. */
export async function runFuzz(
  { seed, from, inputs }: FuzzRange,
  onProgress: (done: number, result: FuzzResult) => void = () => undefined,
): Promise<FuzzResult> {
  const end = from + inputs;
  const result: FuzzResult = {
    outcomes: {},
    crashes: [],
    hangs: [],
    slowest: { index: from, durationMs: 0 },
    peakRssBytes: 0,
  };
  for (let next = from; next < end; ) {
    const reached = await tryRange({ seed, from: next, inputs: end - next }, (report) => {
      if ('started' in report) return;
      const { index, outcome, durationMs, rssBytes } = report;
      result.outcomes[outcome] = (result.outcomes[outcome] ?? 0) + 1;
      if (durationMs > result.slowest.durationMs) result.slowest = { index, durationMs };
      result.peakRssBytes = Math.max(result.peakRssBytes, rssBytes);
      onProgress(index + 1 - from, result);
    });
    if (reached.ended !== 'done') result[reached.ended].push(reached.index);
    next = reached.index + 1;
  }
  return result;
}

/** @returns the last index that was begun, and how that ended. */
function tryRange(
  range: FuzzRange,
  onReport: (report: FuzzReport) => void,
): Promise<{ index: number; ended: 'done' | 'crashes' | 'hangs' }> {
  const child: ChildProcess = fork(path.join(import.meta.dirname, 'fuzz-process.ts'), {
    execArgv: [],
    // Libraries' warnings, of which there are many.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let index: number | undefined;
  let isHung = false;
  const kill = () => {
    isHung = true;
    child.kill('SIGKILL');
  };
  let timer = setTimeout(kill, HANG_MS);
  child.on('message', (report: FuzzReport) => {
    index = report.index;
    if ('started' in report) {
      clearTimeout(timer);
      timer = setTimeout(kill, HANG_MS);
    }
    onReport(report);
  });
  child.send(range);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      if (index === undefined) reject(new Error(`fuzz-process.ts ended before its first input: ${code}`));
      else resolve({ index, ended: isHung ? 'hangs' : code === 0 ? 'done' : 'crashes' });
    });
  });
}
