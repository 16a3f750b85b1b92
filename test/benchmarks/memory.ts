/**
 * Whether memory stays flat: `tagmill tag` on 100,000 photos, the resident memory of all its processes read once a second and drawn
 * into docs/experiments/memory, the main process's apart: it lists, orders and prints, and V8 collects what that leaves only now and then.
 * So peaks are compared, without the first fifth: by where it lies between two collections, a slope is anything. Linux only: /proc.
 *
 *   npm run bench -- memory [--images N]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { renderChart } from '@tagmill/charts';
import { max, sum } from 'simple-statistics';
import { ROOT } from '../helpers/command.ts';
import { conclude, machine, print } from './harness.ts';
import { photoFolder } from './inputs/photos.ts';

const { values } = parseArgs({ options: { images: { type: 'string', default: '100000' } } });
const IMAGES = Number(values.images);
const VARIANT = 'everyday/0.5-96';
const SAMPLE_MS = 1000;
const SETTLED = 0.2;
const DRAWING = path.join(ROOT, 'docs/experiments/memory');

if (!fs.existsSync('/proc/self/status')) {
  print('Skipped: memory is read from /proc, which this system has not');
  process.exit();
}

const folder = await photoFolder({ width: 500, height: 375, count: IMAGES, different: Math.min(200, IMAGES) });
const command = path.join(ROOT, 'packages/cli/bin/tagmill.js');
const start = performance.now();
const child = spawn(process.execPath, [command, 'tag', folder, '--variant', VARIANT, '--format', 'jsonl'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});

let images = 0;
createInterface({ input: child.stdout }).on('line', () => images++);
const samples: { images: number; seconds: number; main: number; tagging: number }[] = [];
const timer = setInterval(() => {
  const [main = 0, ...others] = familyOf(child.pid!).map(residentMegabytes);
  if (main > 0) samples.push({ images, seconds: (performance.now() - start) / 1000, main, tagging: sum(others) });
}, SAMPLE_MS);
const [code] = await once(child, 'exit');
clearInterval(timer);
if (code !== 0) throw new Error(`tagmill tag ended with ${code}`);
const seconds = (performance.now() - start) / 1000;

const megabytes = ({ main, tagging }: (typeof samples)[number]) => main + tagging;
const settled = samples.filter((sample) => sample.images >= SETTLED * IMAGES);
const [first, second] = [settled.filter(isInFirstHalf), settled.filter((sample) => !isInFirstHalf(sample))];
const peaks = [samples, first, second].map((each) => max(each.map(megabytes)));

const { svg, png } = await renderChart({
  title: `Memory of tagmill tag over ${IMAGES.toLocaleString('en')} photos`,
  width: 640,
  height: 200,
  data: {
    values: samples.flatMap(({ images, main, tagging }) => [
      { images, megabytes: main, process: 'main' },
      { images, megabytes: tagging, process: 'tagging' },
      { images, megabytes: main + tagging, process: 'all' },
    ]),
  },
  mark: { type: 'line', strokeWidth: 1 },
  encoding: {
    x: { field: 'images', type: 'quantitative', title: 'photos tagged' },
    y: { field: 'megabytes', type: 'quantitative', title: 'resident, MB' },
    color: { field: 'process', type: 'nominal', title: 'processes' },
  },
});
fs.writeFileSync(`${DRAWING}.svg`, svg);
fs.writeFileSync(`${DRAWING}.png`, png);

print(JSON.stringify(machine()));
print(`${VARIANT}, ${IMAGES} photos of 500 x 375 px in ${seconds.toFixed(0)} s, ${samples.length} samples`);
print(
  `resident: at most ${peaks[0]!.toFixed(0)} MB; where it counts ${peaks[1]!.toFixed(0)}, then ${peaks[2]!.toFixed(0)}`,
);
conclude('memory', { variant: VARIANT, images: IMAGES, seconds, samples }, [
  {
    what: 'peak of the second half over that of the first, from a fifth on',
    value: peaks[2]! / peaks[1]!,
    atMost: 1.1,
  },
]);

function isInFirstHalf(sample: { images: number }): boolean {
  return sample.images < IMAGES * (SETTLED + (1 - SETTLED) / 2);
}

/** A process and those that it started. */
function familyOf(pid: number): number[] {
  const children = readIfThere(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))];
}

/** Of a process: 0 before it runs, and once it has ended. */
function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readIfThere(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
