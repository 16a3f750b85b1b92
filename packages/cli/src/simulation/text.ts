import { STAGES } from '@tagmill/costs';
import type { SimulationResult } from '@tagmill/fleet-simulator';
import Table from 'cli-table3';

const count = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** The result for people to read. */
export function describeSimulation(result: SimulationResult): string {
  const { images, stored, deadLettered, expired, drainedMs, ageMs, concurrency, throttled, handedBack } = result;
  const { variants, top1, bill, coldStarts, invocations } = result;
  const dollars = (value: number) =>
    `$${value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  const million = (value: number) => (stored === 0 ? '' : `${dollars((value / stored) * 1e6)} per million`);
  const rows: [string, string][] = [
    ['images', count.format(images)],
    ['stored', share(stored, images)],
    ...(deadLettered > 0 ? [['in the dead-letter queue', share(deadLettered, images)] as [string, string]] : []),
    ...(expired > 0 ? [['lost to the retention', share(expired, images)] as [string, string]] : []),
    ['done after', duration(drainedMs)],
    ['waited, p50 p95 p99', [ageMs.p50, ageMs.p95, ageMs.p99].map(duration).join('   ')],
    ['throughput', `${count.format((stored / drainedMs) * 1000)} images a second on average`],
    ['batches at once', `${concurrency.mean.toFixed(1)} on average, ${concurrency.peak} at most`],
    ['invocations', `${count.format(invocations)}, of which cold ${count.format(coldStarts)}`],
    ['put off by the table', `${count.format(throttled)} images' writes, ${count.format(handedBack)} handed back`],
    ...variants.map(({ variant, share: part }): [string, string] => [variant, `${(part * 100).toFixed(1)}% of images`]),
    ['top-1 expected', `${(top1 * 100).toFixed(1)}%`],
    ['US dollars', `${dollars(bill.total)}, ${million(bill.total)}`],
    ...STAGES.map((stage): [string, string] => [`  ${stage}`, million(bill.byStage[stage])]),
  ];
  const table = new Table({ style: { head: [], border: [], compact: true } });
  table.push(...rows);
  return `${table.toString()}\n`;
}

function share(part: number, whole: number): string {
  return `${count.format(part)}, ${((100 * part) / whole).toFixed(part === whole ? 0 : 2)}%`;
}

const UNITS = [
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
  ['s', 1000],
] as const;

/** In the largest unit of which there are two. */
export function duration(ms: number): string {
  const [name, length] = UNITS.find(([, each]) => ms >= 2 * each) ?? ['ms', 1];
  return `${(ms / length).toLocaleString('en', { maximumFractionDigits: 1 })} ${name}`;
}
