import { renderPageChart } from '@tagmill/charts';
import { OUTCOMES } from '@tagmill/tag-store';
import { quantile } from 'simple-statistics';
import type { Figures } from './collect.ts';
import { TIMED_STAGES } from './collect.ts';
import { RECEIPT_IMAGES, type Receipt } from './cost-receipt.ts';
import type { TimeBins } from './time-bins.ts';

const WIDTH = 640;

const OUTCOME_COLOURS = {
  domain: [...OUTCOMES],
  range: ['var(--series-1)', 'var(--series-7)', 'var(--series-2)', 'var(--series-4)'],
};

/** In time, as it is where the report is made. */
function timeOf(bins: TimeBins) {
  return {
    x: { field: 'from', type: 'temporal', title: null, axis: { labelOverlap: true, tickCount: 8 } },
    x2: { field: 'to' },
    bins: (at: number) => ({ from: bins.startOf(at), to: bins.startOf(at) + bins.widthMs }),
  } as const;
}

/** Images in each bin of time, by outcome. */
export async function throughputChart({ seen }: Figures, bins: TimeBins): Promise<string> {
  const time = timeOf(bins);
  const groups = Map.groupBy(seen, ({ at, outcome }) => `${bins.startOf(at)} ${outcome}`);
  const values = [...groups.values()].map((group) => ({
    ...time.bins(group[0]!.at),
    outcome: group[0]!.outcome,
    order: OUTCOMES.indexOf(group[0]!.outcome),
    images: group.length,
  }));
  return renderPageChart({
    width: WIDTH,
    height: 180,
    data: { values },
    mark: { type: 'bar', binSpacing: 0.5 },
    encoding: {
      x: time.x,
      x2: time.x2,
      y: {
        field: 'images',
        type: 'quantitative',
        title: `images a ${bins.name}`,
        stack: true,
        axis: { tickMinStep: 1 },
      },
      color: { field: 'outcome', type: 'nominal', title: null, scale: OUTCOME_COLOURS },
      order: { field: 'order' },
    },
  });
}

/** Shares of the variants, in each bin of time. */
export async function mixChart({ seen, variants }: Figures, bins: TimeBins): Promise<string> {
  const time = timeOf(bins);
  const ran = seen.filter(({ variant }) => variant !== undefined);
  const groups = Map.groupBy(ran, ({ at, variant }) => `${bins.startOf(at)} ${variant}`);
  const values = [...groups.values()].map((group) => ({
    ...time.bins(group[0]!.at),
    variant: group[0]!.variant,
    images: group.length,
  }));
  return renderPageChart({
    width: WIDTH,
    height: 120,
    data: { values },
    mark: { type: 'bar', binSpacing: 0.5 },
    encoding: {
      x: time.x,
      x2: time.x2,
      y: {
        field: 'images',
        type: 'quantitative',
        stack: 'normalize',
        title: 'share of images',
        axis: { format: '.0%', tickCount: 4 },
      },
      color: { field: 'variant', type: 'nominal', title: null, scale: { domain: [...variants.keys()].sort() } },
    },
  });
}

/** Median to 99th percentile of each stage, on a scale of factors. */
export async function latencyChart({ stagesMs }: Figures): Promise<string> {
  const stages = [...TIMED_STAGES, 'total'].filter((stage) => stagesMs[stage as keyof typeof stagesMs].length > 0);
  // A scale of factors has no zero: what took less than the clock shows stands at its least.
  const at = (stage: string, share: number) =>
    Math.max(0.01, quantile(stagesMs[stage as keyof typeof stagesMs], share));
  const values = stages.map((stage) => ({ stage, p50: at(stage, 0.5), p95: at(stage, 0.95), p99: at(stage, 0.99) }));
  const points = values.flatMap(({ stage, ...percentiles }) =>
    Object.entries(percentiles).map(([percentile, ms]) => ({ stage, percentile, ms })),
  );
  const x = { type: 'quantitative', title: 'milliseconds', scale: { type: 'log', nice: true } } as const;
  const y = { field: 'stage', type: 'nominal', title: null, sort: stages } as const;
  return renderPageChart({
    width: WIDTH,
    height: { step: 26 },
    layer: [
      {
        data: { values },
        mark: { type: 'rule', color: 'var(--muted)' },
        encoding: { x: { ...x, field: 'p50' }, x2: { field: 'p99' }, y },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: {
          x: { ...x, field: 'ms' },
          y,
          color: { field: 'percentile', type: 'nominal', title: null, sort: null },
          shape: { field: 'percentile', type: 'nominal', title: null, sort: null },
        },
      },
    ],
  });
}

/** Share of the images with a budget that took longer, in each bin of time. */
export async function missesChart({ seen }: Figures, bins: TimeBins): Promise<string> {
  const time = timeOf(bins);
  const groups = Map.groupBy(
    seen.filter(({ met }) => met !== undefined),
    ({ at }) => bins.startOf(at),
  );
  const values = [...groups].map(([start, group]) => ({
    ...time.bins(start),
    missed: group.filter(({ met }) => !met).length / group.length,
  }));
  return renderPageChart({
    width: WIDTH,
    height: 100,
    data: { values },
    mark: { type: 'bar', binSpacing: 0.5, color: 'var(--series-4)' },
    encoding: {
      x: time.x,
      x2: time.x2,
      y: { field: 'missed', type: 'quantitative', title: 'missed', axis: { format: '.0%', tickCount: 4 } },
    },
  });
}

export interface AccuracyPoint {
  variant: string;
  /** A fraction. */
  top1: number;
  p95Ms: number;
}

export async function accuracyChart(points: readonly AccuracyPoint[]): Promise<string> {
  const x = { field: 'p95Ms', type: 'quantitative', title: 'decoding and inference, 95th percentile, ms' } as const;
  const y = {
    field: 'top1',
    type: 'quantitative',
    title: 'top-1',
    axis: { format: '.0%' },
    scale: { zero: true },
  } as const;
  return renderPageChart({
    width: WIDTH,
    height: 240,
    data: { values: [...points] },
    layer: [
      { mark: { type: 'point', filled: true, size: 80, opacity: 1, color: 'var(--series-1)' }, encoding: { x, y } },
      {
        mark: { type: 'text', dx: -9, align: 'right' },
        encoding: { x, y, text: { field: 'variant' } },
      },
    ],
  });
}

/** What a thousand images cost here, stage on stage, and there. */
export async function costChart({ byStage, rekognition }: Receipt): Promise<string> {
  const stages = Object.entries(byStage).filter(([, dollars]) => dollars > 0);
  const values = [
    ...stages.map(([stage, dollars], order) => ({ who: 'tagmill', stage, dollars, order })),
    { who: 'Rekognition', stage: 'DetectLabels', dollars: rekognition, order: stages.length },
  ];
  const domain = values.map(({ stage }) => stage);
  const range = domain.map((_, index) => (index < stages.length ? `var(--series-${(index % 8) + 1})` : 'var(--muted)'));
  return renderPageChart({
    width: WIDTH,
    height: { step: 40 },
    data: { values },
    mark: 'bar',
    encoding: {
      x: {
        field: 'dollars',
        type: 'quantitative',
        title: `US dollars per ${RECEIPT_IMAGES.toLocaleString('en')} images`,
      },
      y: { field: 'who', type: 'nominal', title: null, sort: ['tagmill', 'Rekognition'] },
      color: { field: 'stage', type: 'nominal', title: null, sort: null, scale: { domain, range } },
      order: { field: 'order' },
    },
  });
}
