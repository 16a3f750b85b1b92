import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { quantileSorted } from 'simple-statistics';

export interface Timing {
  /** Milliseconds. */
  p50: number;
  p95: number;
  p99: number;
  iterations: number;
}

/** What the figures were taken on. */
export function machine() {
  const [cpu] = os.cpus();
  return {
    processor: cpu?.model ?? 'unknown',
    cores: os.availableParallelism(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
}

/**
 * Times several things turn by turn, so that a slow moment of the machine hits all of them alike.
 *
 * @returns percentiles of each, in milliseconds.
 */
export async function timeInterleaved<Name extends string>(
  work: Readonly<Record<Name, () => Promise<unknown>>>,
  { warmUp, iterations }: { warmUp: number; iterations: number },
): Promise<Record<Name, Timing>> {
  const names = Object.keys(work) as Name[];
  const samples = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = -warmUp; round < iterations; round++) {
    for (const name of names) {
      const start = performance.now();
      await work[name]();
      if (round >= 0) samples.get(name)!.push(performance.now() - start);
    }
  }
  return Object.fromEntries(names.map((name) => [name, percentiles(samples.get(name)!)])) as Record<Name, Timing>;
}

export function percentiles(samples: readonly number[]): Timing {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) => quantileSorted(sorted, share);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), iterations: samples.length };
}

/**
 * Milliseconds of processor time of this process's children that have ended. Other work on the machine hardly changes it. Linux only,
 * else undefined.
 */
export function processorMsOfChildren(): number | undefined {
  const file = '/proc/self/stat';
  if (!fs.existsSync(file)) return undefined;
  // After the command in brackets, from the third on (proc_pid_stat(5)): the 16th and 17th are children's, in hundredths.
  const fields = fs.readFileSync(file, 'utf8').split(') ').at(-1)!.split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

export interface Bound {
  what: string;
  value: number;
  atLeast?: number;
  atMost?: number;
}

/** Prints the benchmark's bounds, writes its results to build/benchmarks/NAME.json, and fails the run if one is missed. */
export function conclude(name: string, results: object, bounds: readonly Bound[]): void {
  for (const { what, value, atLeast = -Infinity, atMost = Infinity } of bounds) {
    const held = value >= atLeast && value <= atMost;
    const range = [atLeast > -Infinity && `at least ${atLeast}`, atMost < Infinity && `at most ${atMost}`].filter(
      Boolean,
    );
    print(`${held ? 'ok  ' : 'FAIL'} ${what}: ${value.toFixed(2)} (${range.join(', ')})`);
    if (!held) process.exitCode = 1;
  }
  const directory = path.join(import.meta.dirname, '../../build/benchmarks');
  fs.mkdirSync(directory, { recursive: true });
  const file = path.join(directory, `${name}.json`);
  fs.writeFileSync(file, `${JSON.stringify({ name, machine: machine(), ...results, bounds }, null, 2)}\n`);
  print(`Written to ${path.relative(process.cwd(), file)}`);
}

export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}
