import fs from 'node:fs/promises';
import type { Variant } from '@tagmill/core';

interface Measured {
  variant: string;
  /** Fractions. */
  top1: number;
  top1Margin: number;
}

export interface AccuracyPlot {
  /** Without its ending: FILE.svg and FILE.png are written. */
  file: string;
  title: string;
  variants: readonly Variant[];
  measured: readonly Measured[];
  /** What a variant costs, along a logarithmic axis. */
  cost: { title: string; of: (variant: Variant) => number };
}

/**
 * Draws top-1 against the logarithm of a cost, as the paper's figure 4 draws it against mult-adds, with the frontier: the
 * variants that no other beats in both.
 */
export async function plotAccuracy({ file, title, variants, measured, cost }: AccuracyPlot): Promise<void> {
  // Loaded here: drawing takes longer to load than all the rest of the command.
  const { renderChart } = await import('@tagmill/charts');
  const points = measured.map((each) => {
    const variant = variants.find((one) => one.variant === each.variant)!;
    const { alpha, resolution } = variant;
    const [top1, margin] = [each.top1 * 100, each.top1Margin * 100];
    return { top1, low: top1 - margin, high: top1 + margin, cost: cost.of(variant), alpha, resolution };
  });
  const frontier = points.filter(
    (point) => !points.some((other) => other.top1 >= point.top1 && other.cost <= point.cost && other !== point),
  );
  const scale = { type: 'log', nice: false, padding: 24 } as const;
  const x = { field: 'cost', type: 'quantitative', title: cost.title, scale } as const;
  const y = { field: 'top1', type: 'quantitative', title: 'top-1, %', scale: { zero: false } } as const;
  const { svg, png } = await renderChart({
    title,
    width: 560,
    height: 360,
    layer: [
      {
        data: { values: frontier },
        mark: { type: 'line', color: '#bbb', strokeDash: [4, 3] },
        encoding: { x, y },
      },
      {
        data: { values: points },
        mark: { type: 'rule', opacity: 0.5 },
        encoding: { x, y: { field: 'low', type: 'quantitative', title: 'top-1, %' }, y2: { field: 'high' } },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: { x, y, color: { field: 'alpha', type: 'nominal', title: 'alpha' } },
      },
      {
        data: { values: points },
        mark: { type: 'text', dx: 8, dy: 8, align: 'left' },
        encoding: { x, y, text: { field: 'resolution' } },
      },
    ],
  });
  await fs.writeFile(`${file}.svg`, svg);
  await fs.writeFile(`${file}.png`, png);
}
