import type { Outcome } from '@tagmill/core';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App } from '../app.ts';
import { quote } from '../completion.ts';
import { formatCount, formatMs, sentence } from '../format.ts';
import { facetView } from './facet.ts';
import { foldersView, timelineView } from './places.ts';

const OUTCOMES: readonly (Outcome | undefined)[] = [undefined, 'tagged', 'empty', 'rejected', 'failed'];
const MOST_TAGS = 40;

/** What the list can be narrowed to, with how many there are, and how the stack does. */
export function facetsView(app: App): TemplateResult {
  return html`
    <nav class="facets" aria-label="Filters">
      <h2>Outcome</h2>
      <ul class="outcomes">
        ${OUTCOMES.map((outcome) => outcomeView(app, outcome))}
      </ul>
      <section class="tags" aria-labelledby="tags-heading">
        <h2 id="tags-heading">Tags</h2>
        ${tagsView(app)}
      </section>
      ${timelineView(app)} ${foldersView(app)} ${statisticsView(app)}
    </nav>
  `;
}

function outcomeView(app: App, outcome: Outcome | undefined): TemplateResult {
  const { question, statistics } = app;
  const isCurrent = question.q === undefined && question.like === undefined && question.outcome === outcome;
  const count = outcome ? statistics?.byOutcome[outcome] : statistics?.images;
  return facetView({
    name: outcome ? sentence(outcome) : 'All',
    count,
    isCurrent,
    facet: outcome ?? 'all',
    choose: () => app.filterBy(outcome),
  });
}

function tagsView(app: App): TemplateResult {
  const { tags, question, statistics } = app;
  if (tags === 'unknown') return html`<p class="note">This stack’s API doesn’t count tags.</p>`;
  // The API counts tags now and then.
  if (tags?.length === 0)
    return html`<p class="note">${statistics?.byOutcome.tagged ? 'Being counted …' : 'None yet.'}</p>`;
  return html`
    <ul>
      ${tags?.slice(0, MOST_TAGS).map(({ name, count }) => {
        const isCurrent = question.q === quote(name);
        return facetView({
          name,
          count,
          isCurrent,
          facet: name,
          choose: () => app.ask(isCurrent ? {} : { q: quote(name) }),
        });
      })}
    </ul>
  `;
}

function statisticsView({ statistics }: App): TemplateResult | typeof nothing {
  if (!statistics?.latencyMs) return nothing;
  const { latencyMs, budget, byVariant } = statistics;
  const variants = Object.entries(byVariant).sort(([, a], [, b]) => b - a);
  return html`
    <section class="statistics" aria-labelledby="statistics-heading">
      <h2 id="statistics-heading">Latency</h2>
      <dl>
        <div><dt>median</dt><dd>${formatMs(latencyMs.p50)}</dd></div>
        <div><dt>99th percentile</dt><dd>${formatMs(latencyMs.p99)}</dd></div>
        <div><dt>budget missed</dt><dd>${formatCount(budget.missed)}</dd></div>
      </dl>
      <h2>Variants</h2>
      <dl>
        ${variants.map(([variant, count]) => html`<div><dt>${variant}</dt><dd>${formatCount(count)}</dd></div>`)}
      </dl>
    </section>
  `;
}
