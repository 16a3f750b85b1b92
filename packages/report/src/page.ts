import fs from 'node:fs';
import path from 'node:path';
import { OUTCOMES } from '@tagmill/tag-store';
import { quantile } from 'simple-statistics';
import { accuracySection } from './accuracy-section.ts';
import { latencyChart, missesChart, mixChart, throughputChart } from './charts.ts';
import { type Figures, TIMED_STAGES } from './collect.ts';
import type { ReportContent } from './content.ts';
import { costSection } from './cost-section.ts';
import { byName, count, dollars, milliseconds, percent, time } from './format.ts';
import { html, Markup } from './markup.ts';
import { chart } from './picture.ts';
import { table } from './table.ts';
import { timeBins } from './time-bins.ts';

const CSS = fs.readFileSync(path.join(import.meta.dirname, 'report.css'), 'utf8');

/** One HTML file that loads nothing: its policy lets the browser hold it to that. */
export async function renderReport(content: ReportContent): Promise<string> {
  const { title, at, figures } = content;
  const body =
    figures.seen.length === 0
      ? html`<section><h2>Nothing yet</h2><p>No image has been recorded.</p></section>`
      : await sections(content);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>tagmill: ${title}</title>
<style>
${new Markup(CSS)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>Made by tagmill on ${time(at)}, in the time zone of the machine that made it.</p>
</header>
<main>
${body}
</main>
</body>
</html>
`.text;
}

async function sections(content: ReportContent): Promise<Markup> {
  const { figures } = content;
  const parts = [
    tiles(content),
    await throughputSection(figures),
    outcomesSection(figures),
    ...(figures.stagesMs.total.length > 0 ? [await latencySection(figures)] : []),
    ...(figures.variants.size > 0
      ? [
          await variantsSection(figures),
          await budgetsSection(figures),
          await accuracySection(figures, content.catalogue),
        ]
      : []),
    ...(content.receipt ? [await costSection(content, content.receipt)] : []),
  ];
  return html`${parts}`;
}

function tiles({ figures: { seen, outcomes, stagesMs, variants }, receipt }: ReportContent): Markup {
  const all = [...variants.values()];
  const sum = (key: 'budgets' | 'missed') => all.reduce((total, each) => total + each[key], 0);
  const facts = [
    ['images', count(seen.length)],
    ['tagged', percent(outcomes.get('tagged') ?? 0, seen.length)],
    ...(stagesMs.total.length > 0 ? [['time of an image, p95', milliseconds(quantile(stagesMs.total, 0.95))]] : []),
    ['budgets missed', percent(sum('missed'), sum('budgets'))],
    ...(receipt ? [['per 1,000 images, at most', dollars(receipt.total)]] : []),
  ];
  return html`<dl class="tiles">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

async function throughputSection(figures: Figures): Promise<Markup> {
  const { seen } = figures;
  const [from, to] = [seen[0]!.at, seen.at(-1)!.at];
  const bins = timeBins(from, to);
  const busiest = Math.max(
    ...[...Map.groupBy(seen, ({ at }) => bins.startOf(at)).values()].map(({ length }) => length),
  );
  return html`<section><h2>Throughput</h2>
<p>${count(seen.length)} images from ${time(from)} to ${time(to)}, at most ${count(busiest)} a ${bins.name}. An image that was
tagged again counts once, at its last time; one that was removed doesn't count.</p>
${chart(`Images a ${bins.name}, by outcome`, await throughputChart(figures, bins))}
</section>`;
}

function outcomesSection({ outcomes, reasons, seen }: Figures): Markup {
  const rows = OUTCOMES.map((outcome) => {
    const images = outcomes.get(outcome) ?? 0;
    return [outcome, count(images), percent(images, seen.length)];
  });
  const why = [...reasons].map(([reason, images]) => [reason.replaceAll('-', ' '), count(images)]);
  return html`<section><h2>Outcomes</h2>
${table({ caption: 'Images by outcome', head: ['outcome', 'images', 'share'], rows })}
${why.length > 0 ? table({ caption: 'Why images were rejected or failed', head: ['reason', 'images'], rows: why }) : undefined}
</section>`;
}

async function latencySection(figures: Figures): Promise<Markup> {
  const rows = ([...TIMED_STAGES, 'total'] as const)
    .filter((stage) => figures.stagesMs[stage].length > 0)
    .map((stage) => {
      const values = figures.stagesMs[stage];
      const at = (share: number) => milliseconds(quantile(values, share));
      return [stage, at(0.5), at(0.95), at(0.99), count(values.length)];
    });
  return html`<section><h2>Latency by stage</h2>
<p>The queue counts from the message to the function; the total is the image's own time, without the queue. Images of a batch
share a function, so each stage contains waiting for others.</p>
${chart('Milliseconds by stage: median, 95th and 99th percentile', await latencyChart(figures))}
${table({ caption: 'Milliseconds by stage', head: ['stage', 'p50', 'p95', 'p99', 'images'], rows })}
</section>`;
}

async function variantsSection(figures: Figures): Promise<Markup> {
  const { seen, variants } = figures;
  const ran = seen.filter(({ variant }) => variant !== undefined);
  const bins = timeBins(seen[0]!.at, seen.at(-1)!.at);
  const rows = [...variants]
    .sort(([a], [b]) => byName(a, b))
    .map(([name, { images, reasons }]) => {
      const why = [...reasons].sort(([, a], [, b]) => b - a).map(([reason, n]) => `${reason} ${percent(n, images)}`);
      return [name, count(images), percent(images, ran.length), why.join(', ') || 'not recorded'];
    });
  return html`<section><h2>Variants</h2>
${chart(`Share of each variant, by ${bins.name}`, await mixChart(figures, bins))}
${table({ caption: 'Images by variant, and why it was chosen', head: ['variant', 'images', 'share', 'why'], rows, numbers: [1, 2] })}
</section>`;
}

async function budgetsSection(figures: Figures): Promise<Markup> {
  const { seen, variants } = figures;
  const withBudget = [...variants].sort(([a], [b]) => byName(a, b)).filter(([, { budgets }]) => budgets > 0);
  if (withBudget.length === 0) return html`<section><h2>Budgets</h2><p>No image had a latency budget.</p></section>`;
  const bins = timeBins(seen[0]!.at, seen.at(-1)!.at);
  const rows = withBudget.map(([name, { budgets, missed }]) => [
    name,
    count(budgets),
    count(missed),
    percent(missed, budgets),
  ]);
  return html`<section><h2>Budget misses</h2>
<p>An image that took longer than its latency budget, from fetching it to its record; the time in the queue is no part of it.</p>
${chart(`Share of budgets missed, by ${bins.name}`, await missesChart(figures, bins))}
${table({ caption: 'Budgets missed, by variant', head: ['variant', 'with a budget', 'missed', 'share'], rows })}
</section>`;
}
