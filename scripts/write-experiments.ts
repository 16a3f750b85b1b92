/**
 * Fills in the tables of docs/experiments/paper-comparisons.md, and draws its plot, from what models/training/experiments/experiments.py measured. The
 * paper's figures stand beside ours: Tables 4 to 7 of arXiv 1704.04861.
 *
 *   node scripts/write-experiments.ts
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { renderChart } from '@tagmill/charts';
import { mean, min, sampleStandardDeviation } from 'simple-statistics';
import { markdownTable, replaceTable } from './model-card-tables.ts';

interface Run {
  name: string;
  seed: number;
  epochs: number;
  cpuSeconds: number;
  multAdds: number;
  parameters: number;
  /** A fraction. */
  top1: number;
}

/** Our network, and the paper's that stands in its place: name, million mult-adds, top-1 on ImageNet in percent. */
type Row = [name: string, paper: string, multAdds: number, top1: number];

const COMPARISONS: Record<string, Row[]> = {
  separable: [
    ['0.25, full convolutions', '1.0, full convolutions', 4866, 71.7],
    ['0.25', '1.0', 569, 70.6],
  ],
  shallow: [
    ['0.375: thin', '0.75: thin', 325, 68.4],
    ['0.5, shallow', '1.0, shallow', 307, 65.3],
  ],
  alpha: [
    ['1.0', '1.0', 569, 70.6],
    ['0.75', '0.75', 325, 68.4],
    ['0.5', '0.5', 149, 63.7],
    ['0.25', '0.25', 41, 50.6],
  ],
  rho: [
    ['0.25 at 128', '1.0 at 224', 569, 70.6],
    ['0.25 at 96', '1.0 at 160', 290, 67.2],
    ['0.25', '1.0 at 128', 186, 64.4],
  ],
};
const EQUAL_TIME = ' in equal time';
const ROOT = path.join(import.meta.dirname, '..');
const PAGE = path.join(ROOT, 'docs/experiments/paper-comparisons.md');

const runs: Run[] = JSON.parse(
  await fs.readFile(path.join(ROOT, 'models/training/experiments/experiments.json'), 'utf8'),
);

let page = await fs.readFile(PAGE, 'utf8');
for (const [name, rows] of Object.entries(COMPARISONS)) page = replaceTable(page, name, tableOf(rows));
await fs.writeFile(PAGE, page);
await drawAccuracy();

function runsOf(name: string): Run[] {
  return runs.filter((run) => run.name === name);
}

function tableOf(rows: readonly Row[]): string {
  const head = ['network', 'M mult-adds', 'M parameters', 'seconds', 'top-1, %', 'epochs in equal time', 'top-1, %'];
  const paper = ["the paper's", 'M mult-adds', 'top-1, %'];
  return markdownTable(
    [...head, ...paper],
    rows.map(([name, inPaper, multAdds, top1]) => {
      const equalEpochs = runsOf(name);
      const inEqualTime = runsOf(name + EQUAL_TIME);
      // Some take as long anyway.
      const equalTime = inEqualTime.length > 0 ? inEqualTime : equalEpochs;
      const { multAdds: ours, parameters } = equalEpochs[0]!;
      return [
        ...[
          name,
          (ours / 1e6).toFixed(1),
          (parameters / 1e6).toFixed(2),
          secondsOf(equalEpochs),
          percentOf(equalEpochs),
        ],
        ...[equalTime[0]!.epochs.toFixed(1), percentOf(equalTime), inPaper, String(multAdds), top1.toFixed(1)],
      ];
    }),
  );
}

/** Of the run that least else disturbed. */
function secondsOf(some: readonly Run[]): string {
  return min(some.map(({ cpuSeconds }) => cpuSeconds)).toFixed(0);
}

function percentOf(some: readonly Run[]): string {
  const top1 = some.map((run) => run.top1 * 100);
  return `${mean(top1).toFixed(1)} ± ${sampleStandardDeviation(top1).toFixed(1)}`;
}

/** Top-1 against the logarithm of mult-adds, as the paper's figure 4. */
async function drawAccuracy(): Promise<void> {
  const x = {
    field: 'millions',
    type: 'quantitative',
    title: 'million mult-adds',
    scale: { type: 'log', nice: false, padding: 24 },
  } as const;
  const y = { field: 'top1', type: 'quantitative', title: 'top-1, %', scale: { zero: false } } as const;
  const values = runs.map(({ name, multAdds, top1 }) => ({
    name: name.replace(EQUAL_TIME, ''),
    learned: name.endsWith(EQUAL_TIME) ? 'equal time' : 'equal epochs',
    millions: multAdds / 1e6,
    top1: top1 * 100,
  }));
  const { svg } = await renderChart({
    title: 'Accuracy against mult-adds, three seeds each',
    width: 560,
    height: 360,
    data: { values },
    mark: { type: 'point', size: 60, strokeWidth: 2 },
    encoding: {
      x,
      y,
      color: { field: 'name', type: 'nominal', title: 'alpha' },
      shape: { field: 'learned', type: 'nominal', title: 'learned for' },
    },
  });
  await fs.writeFile(path.join(path.dirname(PAGE), 'paper-comparisons.svg'), svg);
}
