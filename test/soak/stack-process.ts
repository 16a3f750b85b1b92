/**
 * Runs a synthesized stack with faults, until it is killed:
 *   node stack-process.ts ASSEMBLY DATA SEED SLOWNESS
 * When it is ready, it sends its endpoints and outputs; `quiet` ends the kills, so that what is left gets done.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { startLocalStack } from '@tagmill/local-stack';
import { seededRandom } from '../helpers/random.ts';
import { type FaultCounts, NO_FAULTS } from './faults.ts';

const DUPLICATE_SHARE = 0.1;
const LATE_SHARE = 0.3;
/** Later ones overtake it meanwhile. */
export const LATEST_MS = 2000;
const THROTTLED_SHARE = 0.05;
const S3_ERROR_SHARE = 0.02;
const S3_SLOW_SHARE = 0.02;
const S3_SLOW_MS = 1500;
const KILL_EVERY_MS = 4000;
/** A process in so many has enough memory to start, and too little to tag with. */
const TOO_LITTLE_EVERY = 3;
const TOO_LITTLE_MB = 120;
/** Mostly they wait for what is slow or put off: more of them than cores. */
const BATCHES_AT_ONCE = 6;

export interface StackReady {
  endpoints: { s3: string; sqs: string; dynamodb: string };
  outputs: Record<string, string>;
}

if (process.send) await run(process.argv[2]!, process.argv[3]!, Number(process.argv[4]), Number(process.argv[5]));

async function run(assemblyDirectory: string, dataDirectory: string, seed: number, slowness: number): Promise<void> {
  const random = seededRandom(seed);
  const counts = { ...NO_FAULTS };
  const overdue: Partial<FaultCounts> = {};
  // By chance, so that some come in a row; and once in 1 / share requests whatever chance says, so that a short run sees each.
  const happens = (share: number, fault: keyof FaultCounts) => {
    overdue[fault] = (overdue[fault] ?? 0) + share;
    if (random() >= share && overdue[fault] < 1) return false;
    overdue[fault] = 0;
    counts[fault]++;
    return true;
  };
  let isQuiet = false;
  let starts = 0;
  const delivery = () => (happens(LATE_SHARE, 'late') ? 1 + Math.floor(random() * (LATEST_MS - 1)) : 0);
  const stack = await startLocalStack({
    assemblyDirectory,
    dataDirectory,
    maxConcurrency: BATCHES_AT_ONCE,
    functionLog: (line) => {
      if (/killed at \d+ MB of memory/.test(line)) counts.outOfMemory++;
    },
    faults: {
      deliveries: () => (happens(DUPLICATE_SHARE, 'duplicates') ? [delivery(), delivery()] : [delivery()]),
      dynamodb: () => happens(THROTTLED_SHARE, 'throttled'),
      memoryMb: () => (!isQuiet && ++starts % TOO_LITTLE_EVERY === 0 ? TOO_LITTLE_MB : undefined),
      s3: async ({ method }) => {
        if (method !== 'GET') return undefined;
        if (happens(S3_SLOW_SHARE, 's3Slow')) await delay(S3_SLOW_MS);
        return happens(S3_ERROR_SHARE, 's3Errors') ? 503 : undefined;
      },
    },
  });
  const tagImages = [...stack.resources.keys()].find((id) => /TagImagesFunction[0-9A-F]{8}$/.test(id))!;
  process.on('message', () => {
    isQuiet = true;
  });
  process.send?.({ endpoints: stack.endpoints, outputs: stack.outputs } satisfies StackReady);
  while (true) {
    await delay(KILL_EVERY_MS * slowness);
    const workers = stack.processes(tagImages);
    if (!isQuiet && workers.length > 0) {
      process.kill(workers[Math.floor(random() * workers.length)]!, 'SIGKILL');
      counts.kills++;
    }
    process.send?.(counts);
  }
}
