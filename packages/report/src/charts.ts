import { renderPageChart } from '@tagmill/charts';
import { OUTCOMES } from '@tagmill/tag-store';
import { quantile } from 'simple-statistics';
import { type Figures, TIMED_STAGES } from './collect.ts';
import { RECEIPT_IMAGES, type Receipt } from './cost-receipt.ts';
import { byName } from './format.ts';
import type { TimeBins } from './time-bins.ts';

/** Pixels that a chart is drawn for; the page stretches it to its own width. */
const WIDTH = 1080;

const OUTCOME_COLOURS = {
  domain: [...OUTCOMES],
  range: ['var(--series-1)', 'var(--series-7)', 'var(--series-2)', 'var(--series-4)'],
};

/** In time, as it is where the report is made. */
const TIME = {
  x: { field: 'from', type: 'temporal', title: null, axis: { labelOverlap: true, tickCount: 8 } },
  x2: { field: 'to' },
} as const;

/** A bar as high as its bin's images, its parts on each other. Vega-Lite doesn't stack what has a beginning and an end in x. */
function stacks<Part extends string>(
  images: readonly { at: number; part: Part }[],
  parts: readonly Part[],
  { startOf, widthMs }: TimeBins,
) {
  return [...Map.groupBy(images, ({ at }) => startOf(at))].flatMap(([from, group]) => {
    let top = 0;
    return parts.flatMap((part) => {
      const count = group.filter((each) => each.part === part).length;
      if (count === 0) return [];
      const bottom = top;
      top += count;
      return [
        {
          from,
          to: from + widthMs,
          part,
          bottom,
          top,
          share: { bottom: bottom / group.length, top: top / group.length },
        },
      ];
    });
  });
}

/** Images in each bin of time, by outcome. */
export async function throughputChart({ seen }: Figures, bins: TimeBins): Promise<string> {
  const images = seen.map(({ at, outcome }) => ({ at, part: outcome }));
  return renderPageChart({
    width: WIDTH,
    height: 180,
    data: { values: stacks(images, OUTCOMES, bins) },
    mark: 'rect',
    encoding: {
      ...TIME,
      y: { field: 'bottom', type: 'quantitative', title: `images a ${bins.name}`, axis: { tickMinStep: 1 } },
      y2: { field: 'top' },
      color: { field: 'part', type: 'nominal', title: null, scale: OUTCOME_COLOURS },
    },
  });
}

/** Shares of the variants, in each bin of time. */
export async function mixChart({ seen, variants }: Figures, bins: TimeBins): Promise<string> {
  const images = seen.flatMap(({ at, variant }) => (variant === undefined ? [] : [{ at, part: variant }]));
  const domain = [...variants.keys()].sort(byName);
  return renderPageChart({
    width: WIDTH,
    height: 120,
    data: { values: stacks(images, domain, bins) },
    mark: 'rect',
    encoding: {
      ...TIME,
      y: {
        field: 'share.bottom',
        type: 'quantitative',
        title: 'share of images',
        axis: { format: '.0%', tickCount: 4 },
        scale: { domain: [0, 1] },
      },
      y2: { field: 'share.top' },
      color: { field: 'part', type: 'nominal', title: null, scale: { domain } },
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
  const withBudget = seen.filter(({ met }) => met !== undefined);
  const values = [...Map.groupBy(withBudget, ({ at }) => bins.startOf(at))].map(([from, group]) => ({
    from,
    to: from + bins.widthMs,
    missed: group.filter(({ met }) => !met).length / group.length,
  }));
  return renderPageChart({
    width: WIDTH,
    height: 100,
    data: { values },
    mark: { type: 'rect', color: 'var(--series-4)' },
    encoding: {
      ...TIME,
      y: {
        field: 'missed',
        type: 'quantitative',
        title: 'missed',
        axis: { format: '.0%', tickCount: 4 },
        scale: { domain: [0, 1] },
      },
      y2: { datum: 0 },
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

/** What a thousand images cost, by stage, and beneath it the whole beside Rekognition's price, on a scale of its own. */
export async function costChart({ byStage, total, rekognition }: Receipt): Promise<string> {
  const title = `US dollars per ${RECEIPT_IMAGES.toLocaleString('en')} images`;
  const bars = (values: readonly { name: string; dollars: number }[], color: string) =>
    ({
      width: WIDTH,
      height: { step: 24 },
      data: { values: [...values] },
      mark: { type: 'bar', color },
      encoding: {
        x: { field: 'dollars', type: 'quantitative', title },
        y: { field: 'name', type: 'nominal', title: null, sort: null },
      },
    }) as const;
  const stages = Object.entries(byStage).map(([name, dollars]) => ({ name, dollars }));
  const both = [
    { name: 'tagmill', dollars: total },
    { name: 'Rekognition', dollars: rekognition },
  ];
  return renderPageChart({ vconcat: [bars(stages, 'var(--series-1)'), bars(both, 'var(--series-3)')] });
}
