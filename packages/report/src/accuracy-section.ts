import type { Variant } from '@tagmill/core';
import { quantile } from 'simple-statistics';
import { accuracyChart } from './charts.ts';
import type { Figures } from './collect.ts';
import { byName, milliseconds } from './format.ts';
import { html, type Markup } from './markup.ts';
import { chart } from './picture.ts';
import { table } from './table.ts';

/** The measured accuracy of the variants that ran, against their time here. */
export async function accuracySection({ variants }: Figures, catalogue: readonly Variant[]): Promise<Markup> {
  const known = [...variants]
    .sort(([a], [b]) => byName(a, b))
    .map(([variant, { latenciesMs }]) => ({
      variant,
      p95Ms: latenciesMs.length > 0 ? quantile(latenciesMs, 0.95) : undefined,
      entry: catalogue.find((each) => each.variant === variant),
    }));
  const points = known.flatMap(({ variant, p95Ms, entry }) =>
    p95Ms !== undefined && entry?.top1 !== undefined ? [{ variant, p95Ms, top1: entry.top1 }] : [],
  );
  const rows = known.map(({ variant, p95Ms, entry }) => [
    variant,
    p95Ms === undefined ? 'not measured' : milliseconds(p95Ms),
    entry?.top1 === undefined ? 'not measured' : `${(entry.top1 * 100).toFixed(1)}%`,
    entry === undefined ? 'not in this catalogue' : (entry.measuredOn ?? 'not measured'),
  ]);
  return html`<section><h2>Accuracy against latency</h2>
<p>Accuracy is the catalogue's, measured on the data set that it names and not on these images; time is that of these images.</p>
${points.length > 0 ? chart('Top-1 accuracy against the 95th percentile of latency, by variant', await accuracyChart(points)) : undefined}
${table({ caption: 'Variants that ran', head: ['variant', 'p95 here', 'top-1', 'measured on'], rows, numbers: [1, 2] })}
</section>`;
}
