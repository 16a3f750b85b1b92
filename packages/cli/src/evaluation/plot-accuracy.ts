import fs from 'node:fs/promises';
import type { Variant } from '@tagmill/core';

interface Measured {
  variant: string;
  /** Fractions. */
  top1: number;
  top1Margin: number;
  latencyMs: { p50: number; p95: number };
}

/**
 * Draws top-1 against the 95th percentile of latency, as the paper's figure 4 draws it against mult-adds, with the frontier:
 * the variants that the policy can choose. Writes FILE.svg and FILE.png.
 */
export async function plotAccuracy(
  file: string,
  variants: readonly Variant[],
  measured: readonly Measured[],
): Promise<void> {
  // Loaded here: drawing takes longer to load than all the rest of the command.
  const { renderChart } = await import('@tagmill/charts');
  const points = measured.map(({ variant, top1, top1Margin, latencyMs }) => {
    const { alpha, resolution } = variants.find((each) => each.variant === variant)!;
    const percent = { top1: top1 * 100, low: (top1 - top1Margin) * 100, high: (top1 + top1Margin) * 100 };
    return { ...percent, p95: latencyMs.p95, alpha, resolution };
  });
  const frontier = points.filter(
    (point) => !points.some((other) => other.top1 >= point.top1 && other.p95 <= point.p95 && other !== point),
  );
  const x = { field: 'p95', type: 'quantitative', title: 'decoding and inference, 95th percentile, ms' } as const;
  const y = { field: 'top1', type: 'quantitative', title: 'top-1, %', scale: { zero: false } } as const;
  const scale = { type: 'log', nice: false } as const;
  const { svg, png } = await renderChart({
    title: 'Accuracy against latency, and the frontier',
    width: 560,
    height: 360,
    layer: [
      {
        data: { values: frontier },
        mark: { type: 'line', color: '#bbb', strokeDash: [4, 3] },
        encoding: { x: { ...x, scale }, y },
      },
      {
        data: { values: points },
        mark: { type: 'rule', opacity: 0.5 },
        encoding: {
          x: { ...x, scale },
          y: { field: 'low', type: 'quantitative', title: 'top-1, %' },
          y2: { field: 'high' },
        },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: { x: { ...x, scale }, y, color: { field: 'alpha', type: 'nominal', title: 'alpha' } },
      },
      {
        data: { values: points },
        mark: { type: 'text', dx: 8, dy: 8, align: 'left' },
        encoding: { x: { ...x, scale }, y, text: { field: 'resolution' } },
      },
    ],
  });
  await fs.writeFile(`${file}.svg`, svg);
  await fs.writeFile(`${file}.png`, png);
}
